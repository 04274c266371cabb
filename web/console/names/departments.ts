import { client, queries } from '../app.ts'
import type { Source } from './source.ts'

/** departments are found by name. Most tenants have so few that the first page of them has the names. */
export const departments: Source = {
  kind: 'department',
  find: async (q) => {
    const { items } = await client.get('/v1/departments', { query: { q, limit: 50 } })
    return Promise.all(items.map(async (d) => ({ id: d.id, name: d.name, note: await above(d.parent) })))
  },
  name: async (id) => {
    const first = await queries.ensureQueryData({ queryKey: ['departments', 'first'], queryFn: () => client.get('/v1/departments', { query: { limit: 200 } }) })
    const known = first.items.find((d) => d.id === id) ?? (await client.get('/v1/departments/{id}', { path: { id } }))
    return known.name
  },
}

/** above tells departments apart that are called alike. */
async function above(parent: string | null): Promise<string> {
  return parent ? '‹ ' + (await departments.name(parent).catch(() => '…')) : ''
}
