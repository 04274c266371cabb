import { holds } from '../../shared/api/permission.ts'
import type { User } from '../../shared/api/session.ts'
import type { Text } from '../text.ts'
import type { IconName } from './icon.tsx'

/** Entry is a page, and the permissions any of which makes it worth opening. */
export type Entry = { path: string; text: Text; needs: string[] }

/** Section is what belongs together: one entry of the menu, and a tab for each of its pages. of says whose it is, where it is not both the tenants' and the platform's. */
export type Section = { text: Text; icon: IconName; entries: Entry[]; of?: 'tenants' | 'platform' }

const sections: Section[] = [
  { text: 'menu.platform', icon: 'platform', of: 'platform', entries: [{ path: '/platform', text: 'menu.platform', needs: ['tenant:read'] }] },
  { text: 'menu.desk', icon: 'desk', of: 'tenants', entries: [{ path: '/desk', text: 'menu.desk', needs: ['conversation:take', 'conversation:update', 'conversation:read:department'] }] },
  {
    text: 'menu.board',
    icon: 'board',
    entries: [
      { path: '/board', text: 'menu.board', needs: ['dashboard:read'] },
      { path: '/reports', text: 'menu.reports', needs: ['report:read'] },
    ],
  },
  {
    text: 'menu.people',
    icon: 'people',
    entries: [
      { path: '/users', text: 'menu.users', needs: ['user:read', 'user:view'] },
      { path: '/departments', text: 'menu.departments', needs: ['department:read'] },
      { path: '/import', text: 'menu.import', needs: ['user:import', 'user:export', 'department:create', 'role:create', 'role:assign'] },
    ],
  },
  {
    text: 'menu.agents',
    icon: 'headset',
    entries: [
      { path: '/agents', text: 'menu.agents', needs: ['agent:read:department', 'agent:create'] },
      { path: '/skills', text: 'menu.skills', needs: ['system_config:read', 'queue:read'] },
      { path: '/replies', text: 'menu.replies', needs: ['canned_reply:create', 'canned_reply:update', 'canned_reply:delete'] },
      { path: '/tags', text: 'menu.tags', needs: ['tag:read', 'tag:create'] },
    ],
  },
  {
    text: 'menu.roles',
    icon: 'roles',
    entries: [
      { path: '/roles', text: 'menu.roles', needs: ['role:read'] },
      { path: '/exclusions', text: 'menu.exclusions', needs: ['role:read'] },
      { path: '/access', text: 'menu.access', needs: ['role:read', 'user:read:department'] },
    ],
  },
  {
    text: 'menu.audit',
    icon: 'audit',
    entries: [
      { path: '/audit', text: 'menu.audit', needs: ['audit_log:read'] },
      { path: '/sign-ins', text: 'menu.signIns', needs: ['audit_log:read'] },
    ],
  },
  {
    text: 'menu.settings',
    icon: 'gear',
    entries: [
      { path: '/settings', text: 'menu.settings', needs: ['system_config:read'] },
      { path: '/security', text: 'menu.security', needs: ['system_config:read'] },
    ],
  },
]

/** sectionsFor are the sections in which a user may do something, each with the pages of which that is so. */
export function sectionsFor(user: User): Section[] {
  const home = user.tenant.slug === 'platform' ? 'platform' : 'tenants'
  return sections
    .filter((s) => (s.of ?? home) === home)
    .map((s) => ({ ...s, entries: s.entries.filter((e) => e.needs.some((n) => holds(user.permissions, n))) }))
    .filter((s) => s.entries.length > 0)
}

/** at says whether an address is that of a page, or of something on it. */
export function at(address: string, path: string): boolean {
  return address === path || address.startsWith(path + '/')
}
