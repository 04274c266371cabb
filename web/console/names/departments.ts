import { queryOptions } from '@tanstack/react-query'
import { client, queries } from '../app.ts'
import { batched } from './batch.ts'
import type { Source } from './source.ts'

const read = batched(async (ids) => {
  const { items } = await client.get('/v1/departments', { query: { ids, limit: 200 } })
  return new Map(items.map((d) => [d.id, d]))
})

/** departmentOf asks for a department by its id, and for many at once; null is none that one may see. */
export const departmentOf = (id: string) =>
  queryOptions({ queryKey: ['departments', 'one', id], queryFn: async () => (await read(id)) ?? null, staleTime: 600_000, refetchOnWindowFocus: false })

/** departments are found by name. */
export const departments: Source = {
  kind: 'department',
  find: async (q) => {
    const { items } = await client.get('/v1/departments', { query: { q, limit: 50 } })
    return Promise.all(items.map(async (d) => ({ id: d.id, name: d.name, note: await above(d.parent) })))
  },
  name: async (id) => (await queries.fetchQuery(departmentOf(id)))?.name ?? '',
}

/** above tells departments apart that are called alike. */
async function above(parent: string | null): Promise<string> {
  return parent ? '‹ ' + ((await departments.name(parent).catch(() => '')) || '…') : ''
}
