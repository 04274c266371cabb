import { notifyManager, QueryClient } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { newClient } from '../shared/api/client.ts'
import { toProblem } from '../shared/api/problem.ts'
import { Idle } from '../shared/api/idle.ts'
import { Session } from '../shared/api/session.ts'
import { forgetOthers } from '../shared/desk/outbox.ts'
import { Feed } from '../shared/realtime/feed.ts'
import { Store } from '../shared/store.ts'
import { askForFactor } from './shell/factor.ts'
import { spoken } from './text.ts'

/** What the whole console shares. */
export const session = new Session()
session.listen(({ user }) => user && forgetOthers(user.id))
export const client = newClient(session, () => spoken.get().language, {
  stepUp: askForFactor,
  enrol: () => session.end(), // the next sign-in leads through the enrolment
  missing: () => void readMe(),
})
/** readMe finds out what one may by now. Who is refused something, or told to read a list anew, may have lost or gained a permission. */
export async function readMe() {
  const me = await client.get('/v1/me').catch(() => undefined)
  if (me) session.know(me)
}

export const idle = new Idle(session)
export const feed = new Feed(session, client)
// What was read is of the tenant that one has left.
session.listen(({ why }) => why === 'moved' && queries.clear())

// What was read is shown before whoever waited for it goes on: a form would show once more what was there before it was saved.
notifyManager.setScheduler(queueMicrotask)
export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 10_000, retry: (count, e) => count < 2 && toProblem(e).passes, refetchOnWindowFocus: true } },
})

/** useStore draws anew when a store changes. */
export function useStore<V>(store: Store<V>): V {
  return useSyncExternalStore(store.watch, store.get)
}
