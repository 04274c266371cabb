import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import type { AuditRecord } from './record.ts'

/** Actor is who did it: a user by name, everybody else by what they are. */
export function Actor({ of: actor }: { of: AuditRecord['actor'] }) {
  return actor.type === 'user' && actor.id ? <Who id={actor.id} /> : <>{actor.id ? `${actor.type} ${actor.id}` : actor.type}</>
}

/** Who is the name of a user where one may see it, and otherwise the id, which the trail keeps. */
function Who({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ['user', id],
    queryFn: () => client.get('/v1/users/{id}', { path: { id } }).then(
      (user) => user.name,
      () => '',
    ),
    staleTime: 600_000,
  })
  return data ? <span title={id}>{data}</span> : <code title={id}>…{id.slice(-8)}</code>
}
