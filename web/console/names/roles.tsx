import { Link } from '@tanstack/react-router'
import { client, queries } from '../app.ts'
import { labelOf, useRoleLabel } from '../roles/names.ts'
import { useMay } from '../shell/may.ts'
import { useLanguage } from '../text.ts'
import type { Source } from './source.ts'

/** useRoleSource are the roles, found by name or label, and called as in the language of the page. */
export function useRoleSource(): Source {
  const language = useLanguage()
  return {
    kind: `role ${language}`,
    find: async (q) => {
      const { items } = await client.get('/v1/roles', { query: { q, limit: 50 } })
      return items.map((r) => ({ id: r.name, name: labelOf(r, language), note: r.name }))
    },
    name: async (name) => {
      const first = await queries.ensureQueryData({ queryKey: ['roles'], queryFn: () => client.get('/v1/roles', { query: { limit: 200 } }) })
      const role = first.items.find((r) => r.name === name)
      return role ? labelOf(role, language) : name
    },
  }
}

/** RoleName is the label of a role, and leads to it. */
export function RoleName({ name }: { name: string }) {
  const label = useRoleLabel()(name)
  return useMay()('role:read') ? (
    <Link to="/roles/$name" params={{ name }} title={name}>
      {label}
    </Link>
  ) : (
    <>{label}</>
  )
}
