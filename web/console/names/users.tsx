import { Link } from '@tanstack/react-router'
import { holds } from '../../shared/api/permission.ts'
import { client, session } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { batched } from './batch.ts'
import { type Source, useNames } from './source.ts'

const sees = ['user:read', 'user:view'] // either shows names

/** users are found by name or username; names are read many at a time, where one may see any. */
export const users: Source = {
  kind: 'user',
  find: async (q) => {
    const page = await client.get('/v1/users', { query: { q, limit: 20 } })
    return page.items.map((u) => ({ id: u.id, name: u.name, ...('username' in u ? { note: u.username } : {}) }))
  },
  name: async (id) => (await nameOf(id)) ?? '',
}

const nameOf = batched(async (ids) => {
  if (!sees.some((p) => holds(session.user?.permissions ?? [], p))) return new Map<string, string>()
  const page = await client.get('/v1/users', { query: { ids, limit: 200 } })
  return new Map(page.items.map((u) => [u.id, u.name]))
})

/** UserName is the name of a user where one may see it, and otherwise the end of the id. It leads to their page. */
export function UserName({ id, link = true }: { id: string; link?: boolean }) {
  const may = useMay()
  const name = useNames(users, [id]).get(id)
  if (!name) return <code title={id}>…{id.slice(-8)}</code>
  return link && may(...sees) ? (
    <Link to="/users/$id" params={{ id }} title={id}>
      {name}
    </Link>
  ) : (
    <span title={id}>{name}</span>
  )
}
