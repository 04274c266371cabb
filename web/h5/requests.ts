import { type Conversation, newer } from '../shared/desk/desk.ts'
import { Store } from '../shared/store.ts'
import { client, feed, session } from './app.ts'

type Known = { items: Conversation[]; loaded: boolean; error: unknown }

const shown = 20

/** Own requests, the latest first, as they are and as they change. */
export const requests = new Store<Known>({ items: [], loaded: false, error: undefined })

/** readRequests reads the latest; what happens meanwhile comes over the feed. */
export async function readRequests() {
  try {
    const { items } = await client.get('/v1/conversations', { query: { requester: 'me', limit: shown } })
    requests.set({ items, loaded: true, error: undefined })
  } catch (error) {
    requests.set({ error })
  }
}

/** takeRequest takes in a later reading of one. */
export function takeRequest(row: Conversation) {
  const before = requests.get().items.find((c) => c.id === row.id)
  const items = [newer(before, row), ...requests.get().items.filter((c) => c.id !== row.id)]
  requests.set({ items: items.sort((a, b) => b.updated_at.localeCompare(a.updated_at)) })
}

function follow() {
  feed.follow('mine', undefined, {
    event: (e) => takeRequest(e['conversation'] as Conversation),
    reset: () => void readRequests(),
    ended: () => undefined,
  })
  void readRequests()
}

session.listen(({ user, why }) => {
  if (why === 'signed-in') follow()
  if (!user) requests.set({ items: [], loaded: false, error: undefined })
})
