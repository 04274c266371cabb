import { client, queries } from '../app.ts'
import type { Source } from './source.ts'

/** tags are found by name. */
export const tags: Source = {
  kind: 'tag',
  find: async (q) => (await client.get('/v1/tags', { query: { q, limit: 50 } })).items.map(({ id, name }) => ({ id, name })),
  name: async (id) => {
    const first = await queries.ensureQueryData({ queryKey: ['tags', 'first'], queryFn: () => client.get('/v1/tags', { query: { limit: 200 } }) })
    return first.items.find((tag) => tag.id === id)?.name ?? ''
  },
}
