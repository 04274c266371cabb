import { holds } from '../../shared/api/permission.ts'
import { session } from '../app.ts'

/** holdsAny tells whether one holds any of the permissions. The server decides all the same. */
export function holdsAny(...permissions: string[]): boolean {
  const held = session.user?.permissions ?? []
  return permissions.some((p) => holds(held, p))
}
