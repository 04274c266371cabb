import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import { useMay } from '../shell/may.ts'
import type { Role } from './grants.ts'
import { useLanguage } from './text.ts'

/** labelOf is the name of a role for people. */
export function labelOf(role: Role, language: string): string {
  return (language === 'en' ? role.label_en : role.label_zh) || role.label_en || role.label_zh || role.name
}

/** useRoles are the roles of the tenant, for whoever may see them. */
export function useRoles() {
  const may = useMay()('role:read')
  return useQuery({ queryKey: ['roles'], queryFn: () => client.get('/v1/roles', { query: { limit: 200 } }), enabled: may })
}

/** useRoleLabel says what a role is called, by its name, which is said itself where one may not see roles. */
export function useRoleLabel(): (name: string) => string {
  const language = useLanguage()
  const { data } = useRoles()
  return (name) => {
    const role = data?.items.find((r) => r.name === name)
    return role ? labelOf(role, language) : name
  }
}
