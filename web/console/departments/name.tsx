import { useQuery } from '@tanstack/react-query'
import type { components } from '../../shared/api/schema.d.ts'
import { client } from '../app.ts'
import { useMay } from '../shell/may.ts'

export type Department = components['schemas']['DepartmentJSON']

const lasting = { staleTime: 600_000, refetchOnWindowFocus: false }

/** useDepartment is a department by its id. Most tenants have so few that the first page of them holds it. */
export function useDepartment(id: string | undefined): { department: Department | undefined; pending: boolean } {
  const may = useMay()('department:read')
  const first = useQuery({
    queryKey: ['departments', 'first'],
    queryFn: () => client.get('/v1/departments', { query: { limit: 200 } }),
    enabled: may && !!id,
    ...lasting,
  })
  const found = first.data?.items.find((d) => d.id === id)
  const asked = may && !!id && !found && first.data?.next != null
  const one = useQuery({
    queryKey: ['departments', 'one', id],
    queryFn: () => client.get('/v1/departments/{id}', { path: { id: id! } }).catch(() => null), // one may not see it, or it is gone
    enabled: asked,
    ...lasting,
  })
  return { department: found ?? one.data ?? undefined, pending: may && !!id && (first.isPending || (asked && one.isPending)) }
}

/** DepartmentName is what a department is called where one may see it, and otherwise the end of its id. */
export function DepartmentName({ id }: { id: string }) {
  const { department, pending } = useDepartment(id)
  if (department) return <>{department.name}</>
  return pending ? <>…</> : <code title={id}>…{id.slice(-8)}</code>
}
