import type { paths } from '../../shared/api/schema.d.ts'

/** Filter is what a search of the trail is narrowed by, as it stands in the address. */
export type Filter = { event?: string; outcome?: string; actor?: string; target_type?: string; target?: string; session?: string; from?: string; to?: string }

type Query = Omit<NonNullable<paths['/v1/audit/records']['get']['parameters']['query']>, 'limit' | 'cursor'>

const names = ['event', 'outcome', 'actor', 'target_type', 'target', 'session', 'from', 'to'] as const

/** filterOf reads an address; what is none of a filter's is left out. */
export function filterOf(said: Record<string, unknown>): Filter {
  return Object.fromEntries(names.flatMap((n) => (said[n] === undefined || said[n] === '' ? [] : [[n, String(said[n])]])))
}

/** toQuery is what the server is asked for. Several events have commas between. */
export function toQuery(f: Filter): Query {
  const { event, outcome, ...rest } = f
  return {
    ...rest,
    ...(event ? { event: event.split(/[\s,]+/).filter(Boolean) } : {}),
    ...(outcome ? { outcome: outcome as NonNullable<Query['outcome']> } : {}),
  }
}
