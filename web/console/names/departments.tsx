import { client, queries } from '../app.ts'
import { type Source, useNames } from './source.ts'

const first = { queryKey: ['department-names'], queryFn: () => client.get('/v1/departments', { query: { limit: 200 } }), staleTime: 60_000 }

/** departments are found by name. The first two hundred are read once; others one by one. */
export const departments: Source = {
  kind: 'department',
  find: async (q) => (await client.get('/v1/departments', { query: { q, limit: 50 } })).items.map((d) => ({ id: d.id, name: d.name })),
  name: async (id) => {
    const known = (await queries.fetchQuery(first)).items.find((d) => d.id === id)
    return known ? known.name : (await client.get('/v1/departments/{id}', { path: { id } })).name
  },
}

/** DepartmentName is the name of a department where one may see it, and otherwise the end of the id. */
export function DepartmentName({ id }: { id: string }) {
  const name = useNames(departments, [id]).get(id)
  return name ? <span title={id}>{name}</span> : <code title={id}>…{id.slice(-8)}</code>
}
