import { QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { newClient } from '../shared/api/client.ts'
import { toProblem } from '../shared/api/problem.ts'
import { Session } from '../shared/api/session.ts'
import { Feed } from '../shared/realtime/feed.ts'
import { Store } from '../shared/store.ts'
import { askForFactor } from './shell/factor.ts'
import { spoken } from './text.ts'

/** What the whole console shares. */
export const session = new Session()
export const client = newClient(session, () => spoken.get().language, {
  stepUp: askForFactor,
  enrol: () => {
    if (location.pathname !== '/me/factor') location.assign('/me/factor')
  },
})
export const feed = new Feed(session, client)
export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, retry: (count, e) => count < 2 && toProblem(e).passes, refetchOnWindowFocus: true } },
})

/** useStore draws anew when a store changes. */
export function useStore<V>(store: Store<V>): V {
  return useSyncExternalStore(store.watch, store.get)
}
