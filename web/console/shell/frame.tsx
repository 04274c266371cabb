import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Popover } from 'antd'
import { Suspense } from 'react'
import { holds } from '../../shared/api/permission.ts'
import type { User } from '../../shared/api/session.ts'
import { type Text, useText } from '../text.ts'
import { Choices } from './choices.tsx'
import { Icon } from './icon.tsx'
import { Pill } from './pill.tsx'
import { Presence } from './presence.tsx'
import { Mark } from './sign-in.tsx'
import { SignOut } from './sign-out.tsx'
import { StepUp } from './step-up.tsx'

type Entry = { path: string; text: Text; icon: Parameters<typeof Icon>[0]['name']; needs: string[] }

/** The menu shows what one may do something in: any of the permissions. */
export const menu: Entry[] = [
  { path: '/desk', text: 'menu.desk', icon: 'desk', needs: ['conversation:take', 'conversation:reply', 'conversation:read:department'] },
  { path: '/roles', text: 'menu.roles', icon: 'roles', needs: ['role:read'] },
  { path: '/audit', text: 'menu.audit', icon: 'audit', needs: ['audit_log:read'] },
]

export function entriesFor(user: User): Entry[] {
  return menu.filter((e) => e.needs.some((n) => holds(user.permissions, n)))
}

/** Frame is what stands around every page: where one can go, who one is, whether one takes work. */
export function Frame({ user }: { user: User }) {
  const t = useText()
  const at = useRouterState({ select: (s) => s.location.pathname })
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t('menu.skip')}
      </a>
      <nav className="rail" aria-label={t('menu.title')}>
        <Mark />
        {entriesFor(user).map((e) => (
          <Link key={e.path} to={e.path} className={at.startsWith(e.path) ? 'rail-entry on' : 'rail-entry'} aria-current={at.startsWith(e.path) ? 'page' : undefined}>
            <Icon name={e.icon} />
            {t(e.text)}
          </Link>
        ))}
        <div className="rail-end">
          {holds(user.permissions, 'agent:set_status') && <Presence />}
          <Popover trigger="click" placement="rightBottom" content={<Me user={user} />}>
            <button type="button" className="rail-entry" aria-label={t('menu.me', { name: user.name })}>
              <Icon name="person" />
              <span className="cut">{user.name}</span>
            </button>
          </Popover>
        </div>
      </nav>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<div className="page-ghost" aria-busy="true" />}>
          <Outlet />
        </Suspense>
      </main>
      <Pill />
      <StepUp />
    </div>
  )
}

function Me({ user }: { user: User }) {
  return (
    <div className="me">
      <strong>{user.name}</strong>
      <span className="quiet">
        {user.username} · {user.tenant.name}
      </span>
      <Choices />
      <SignOut />
    </div>
  )
}
