import { UserName } from '../names/users.tsx'
import type { AuditRecord } from './record.ts'

/** Actor is who did it: a user by name, everybody else by what they are. */
export function Actor({ of: actor }: { of: AuditRecord['actor'] }) {
  return actor.type === 'user' && actor.id ? <UserName id={actor.id} /> : <>{actor.id ? `${actor.type} ${actor.id}` : actor.type}</>
}
