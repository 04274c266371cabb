import { useQuery } from '@tanstack/react-query'
import type { components } from '../../shared/api/schema.d.ts'
import { departmentOf } from '../names/departments.ts'
import { useMay } from '../shell/may.ts'

export type Department = components['schemas']['DepartmentJSON']

/** useDepartment is a department by its id. */
export function useDepartment(id: string | undefined): { department: Department | undefined; pending: boolean } {
  const asked = useMay()('department:read') && !!id
  const { data, isPending } = useQuery({ ...departmentOf(id ?? ''), enabled: asked })
  return { department: data ?? undefined, pending: asked && isPending }
}

/** DepartmentName is what a department is called where one may see it, and otherwise the end of its id. */
export function DepartmentName({ id }: { id: string }) {
  const { department, pending } = useDepartment(id)
  if (department) return <>{department.name}</>
  return pending ? <>…</> : <code title={id}>…{id.slice(-8)}</code>
}
