import { Link } from '@tanstack/react-router'
import { DepartmentName } from '../departments/name.tsx'
import { RoleName } from '../names/roles.tsx'
import { UserName } from '../names/users.tsx'
import type { AuditRecord } from './record.ts'

type Target = NonNullable<AuditRecord['target']>[number]

/** TargetName is what was touched, by its name where that is known here; it leads there where there is a page. */
export function TargetName({ of: { type, id } }: { of: Target }) {
  if (type === 'user' || type === 'agent') return <UserName id={id} />
  if (type === 'role') return <RoleName name={id} />
  if (type === 'department') return <DepartmentName id={id} />
  if (type === 'exclusion') {
    return (
      <Link to="/exclusions/$name" params={{ name: id }}>
        {id}
      </Link>
    )
  }
  if (type === 'conversation') {
    return (
      <Link to="/desk/$id" params={{ id }}>
        <code>…{id.slice(-8)}</code>
      </Link>
    )
  }
  return <code title={id}>{id.length > 24 ? '…' + id.slice(-8) : id}</code>
}
