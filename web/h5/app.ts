import { useEffect, useState } from 'preact/hooks'
import { newClient } from '../shared/api/client.ts'
import { Idle } from '../shared/api/idle.ts'
import { Session } from '../shared/api/session.ts'
import { forgetOthers } from '../shared/desk/outbox.ts'
import { Feed } from '../shared/realtime/feed.ts'
import { Store } from '../shared/store.ts'
import { spoken } from './text.ts'

/** What the whole page shares. */
export const session = new Session()
session.listen(({ user }) => user && forgetOthers(user.id))
export const client = newClient(session, () => spoken.get().language)
export const idle = new Idle(session)
export const feed = new Feed(session, client)

/** useStore draws anew when a store changes. */
export function useStore<T>(store: Store<T>): T {
  const [value, set] = useState(store.get())
  useEffect(() => {
    set(store.get())
    return store.watch(() => set(store.get()))
  }, [store])
  return value
}

/** useAsync loads something when a key changes; the value before stays until the next is there. */
export function useAsync<T>(load: () => Promise<T>, key: string): { value: T | undefined; error: unknown; again: () => void } {
  const [state, set] = useState<{ value: T | undefined; error: unknown }>({ value: undefined, error: undefined })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let gone = false
    load().then(
      (value) => !gone && set({ value, error: undefined }),
      (error: unknown) => !gone && set((before) => ({ ...before, error })),
    )
    return () => {
      gone = true
    }
  }, [key, turn])
  return { ...state, again: () => setTurn((n) => n + 1) }
}
