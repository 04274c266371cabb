import { Link } from '@tanstack/react-router'
import type { components } from '../../shared/api/schema.d.ts'
import { client, queries } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { spoken, useLanguage } from '../text.ts'
import { type Source, useNames } from './source.ts'

type Role = components['schemas']['RoleJSON']

/** labelOf is the name of a role for people. */
export function labelOf(role: Role, language: string): string {
  return (language === 'en' ? role.label_en : role.label_zh) || role.label_en || role.label_zh || role.name
}

const first = { queryKey: ['role-names'], queryFn: () => client.get('/v1/roles', { query: { limit: 200 } }), staleTime: 60_000 }

/** roles are found by name or label. The first two hundred are read once for their labels; of others the name does. */
export const roles: Source = {
  kind: 'role',
  find: async (q) => {
    const page = await client.get('/v1/roles', { query: { q, limit: 50 } })
    return page.items.map((r) => ({ id: r.name, name: labelOf(r, spoken.get().language), note: r.name }))
  },
  name: async (name) => {
    const found = (await queries.fetchQuery(first)).items.find((r) => r.name === name)
    return found ? labelOf(found, spoken.get().language) : name
  },
}

/** useRoleSource are the roles as they are called in the language of the page. */
export function useRoleSource(): Source {
  const language = useLanguage()
  return { ...roles, kind: `role ${language}` }
}

/** RoleName is the label of a role, and leads to it. */
export function RoleName({ name }: { name: string }) {
  const source = useRoleSource()
  const may = useMay()('role:read')
  const label = useNames(source, may ? [name] : []).get(name) ?? name
  return may ? (
    <Link to="/roles/$name" params={{ name }} title={name}>
      {label}
    </Link>
  ) : (
    <>{label}</>
  )
}
