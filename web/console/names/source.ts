import { useQueries } from '@tanstack/react-query'
import { queries } from '../app.ts'

/** Choice is something that can be chosen by its name, and a word beside it. */
export type Choice = { id: string; name: string; note?: string }

/**
 * Source is where names of one kind come from: find searches, on the server; name is that of one id, '' where there is none that
 * one may see.
 */
export type Source = { kind: string; find: (text: string) => Promise<Choice[]>; name: (id: string) => Promise<string> }

const lasts = 600_000

/** keep remembers names that came with something else. */
export function keep(source: Source, choices: Choice[]): Choice[] {
  for (const c of choices) queries.setQueryData(['name', source.kind, c.id], c.name)
  return choices
}

/** useNames are the names of some ids, as far as they are known by now. */
export function useNames(source: Source, ids: readonly string[]): Map<string, string> {
  const found = useQueries({
    queries: ids.map((id) => ({ queryKey: ['name', source.kind, id], queryFn: () => source.name(id).catch(() => ''), staleTime: lasts, gcTime: lasts })),
  })
  return new Map(ids.flatMap((id, i) => (found[i]?.data ? [[id, found[i].data] as const] : [])))
}
