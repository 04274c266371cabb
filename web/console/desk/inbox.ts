import { toProblem } from '../../shared/api/problem.ts'
import { type Conversation, newer, over } from '../../shared/desk/desk.ts'
import { Store } from '../../shared/store.ts'
import { client, feed, readMe, session } from '../app.ts'

export const tabs = ['mine', 'waiting', 'parked', 'ended', 'all'] as const
export type Tab = (typeof tabs)[number]

type List = { items: Conversation[]; next: string | null; loaded: boolean; error: unknown }
type Held = { lists: Record<Tab, List>; counts: Record<Tab, number | undefined> }

const page = 50
const empty: List = { items: [], next: null, loaded: false, error: undefined }

/** What each list asks the server for. */
const asks: Record<Tab, { state?: string; assignee?: 'me'; order?: 'waiting' }> = {
  mine: { state: 'active,on_hold', assignee: 'me' },
  waiting: { state: 'queued', order: 'waiting' },
  parked: { state: 'parked', assignee: 'me' },
  ended: { state: 'resolved,closed,abandoned', assignee: 'me' },
  all: {},
}

const nothing: Held = {
  lists: { mine: empty, waiting: empty, parked: empty, ended: empty, all: empty },
  counts: { mine: undefined, waiting: undefined, parked: undefined, ended: undefined, all: undefined },
}

/** Inbox is the lists of the workbench with their counts, as they are and as they change. */
export class Inbox {
  readonly store = new Store<Held>(nothing)
  private held = false // somebody points at the list: nothing in it moves
  private readonly touched = new Set<Tab>()
  private counting: ReturnType<typeof setTimeout> | undefined
  private readonly watchers = new Set<(row: Conversation, before: Conversation | undefined) => void>()
  private stop: (() => void) | undefined
  private users = 0

  /** start keeps the lists current until whoever needs them, each for themselves, calls what it returns. */
  start() {
    if (++this.users === 1) this.begin()
    return () => {
      if (--this.users > 0) return
      this.stop?.()
      clearTimeout(this.counting)
    }
  }

  private begin() {
    this.stop = feed.follow('conversations', undefined, {
      event: (e) => (e.kind === 'gone' ? this.remove(e['id'] as string) : this.take(e['conversation'] as Conversation)),
      reset: () => {
        void readMe()
        this.readAgain()
      },
      ended: () => undefined,
    })
    this.readAgain()
  }

  /** watch hears of every later reading of a conversation, and of the one before where some list held it. */
  watch(f: (row: Conversation, before: Conversation | undefined) => void): () => void {
    this.watchers.add(f)
    return () => this.watchers.delete(f)
  }

  /** forget leaves nothing of the tenant that somebody of the platform has entered or left. */
  forget() {
    this.store.set(nothing)
  }

  /** hold keeps the order of the lists while somebody points at them. */
  hold(held: boolean) {
    this.held = held
    if (!held) for (const tab of this.touched) this.put(tab, { items: sorted(tab, this.list(tab).items) })
    if (!held) this.touched.clear()
  }

  async read(tab: Tab, more = false) {
    const { next } = this.list(tab)
    try {
      const answer = await client.get('/v1/conversations', { query: { ...asks[tab], limit: page, ...(more && next ? { cursor: next } : {}) } })
      const items = more ? [...this.list(tab).items, ...answer.items] : answer.items
      this.put(tab, { items: sorted(tab, unique(items)), next: answer.next, loaded: true, error: undefined })
    } catch (e) {
      this.put(tab, { error: toProblem(e) })
    }
  }

  /** take takes in a later reading of a conversation, wherever it belongs by now. */
  take(row: Conversation) {
    const before = this.known(row.id)
    let latest = row
    for (const tab of tabs) {
      const { items, loaded } = this.list(tab)
      const at = items.findIndex((c) => c.id === row.id)
      latest = newer(items[at], row)
      if (!loaded) continue
      if (!belongs(tab, latest)) {
        if (at >= 0) this.put(tab, { items: items.filter((c) => c.id !== row.id) })
      } else if (at >= 0) this.arrange(tab, items.map((c, i) => (i === at ? latest : c)))
      else this.arrange(tab, [...items, latest])
    }
    for (const f of this.watchers) f(latest, before)
    this.countSoon()
  }

  /** known is a conversation that some list holds. */
  known(id: string): Conversation | undefined {
    return tabs.flatMap((tab) => this.list(tab).items).find((c) => c.id === id)
  }

  private readAgain() {
    for (const tab of tabs) if (tab !== 'all' || this.list('all').loaded) void this.read(tab)
    this.countSoon(0)
  }

  private remove(id: string) {
    for (const tab of tabs) {
      const { items } = this.list(tab)
      if (items.some((c) => c.id === id)) this.put(tab, { items: items.filter((c) => c.id !== id) })
    }
    this.countSoon()
  }

  private arrange(tab: Tab, items: Conversation[]) {
    this.touched.add(tab)
    this.put(tab, { items: this.held ? items : sorted(tab, items) })
  }

  private countSoon(after = 400) {
    clearTimeout(this.counting)
    this.counting = setTimeout(() => void this.count(), after)
  }

  private async count() {
    try {
      const [mine, all] = await Promise.all([
        client.get('/v1/conversations/counts', { query: { assignee: 'me' } }),
        client.get('/v1/conversations/counts'),
      ])
      const ended = mine.resolved + mine.closed + mine.abandoned
      this.store.set({ counts: { mine: all.mine, waiting: all.queued, parked: mine.parked, ended, all: all.all } })
    } catch {
      return // the next event counts again
    }
  }

  private list(tab: Tab): List {
    return this.store.get().lists[tab]
  }

  private put(tab: Tab, change: Partial<List>) {
    this.store.set({ lists: { ...this.store.get().lists, [tab]: { ...this.list(tab), ...change } } })
  }
}

function belongs(tab: Tab, c: Conversation): boolean {
  const me = session.user?.id
  const mine = c.assignee?.id === me || (!c.assignee && c.last_assignee?.id === me)
  switch (tab) {
    case 'mine':
      return c.assignee?.id === me && (c.state === 'active' || c.state === 'on_hold')
    case 'waiting':
      return c.state === 'queued'
    case 'parked':
      return c.state === 'parked' && mine
    case 'ended':
      return over(c.state) && mine
    case 'all':
      return true
  }
}

/** unanswered tells whether the requester spoke last. */
export function unanswered(c: Conversation): boolean {
  return c.state === 'active' && c.asked_at !== undefined && (c.answered_at === undefined || c.asked_at > c.answered_at)
}

/** sorted puts first what needs somebody: unanswered ones by who waits longest, then the latest. */
function sorted(tab: Tab, items: Conversation[]): Conversation[] {
  if (tab === 'waiting') return [...items].sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || a.queued_at.localeCompare(b.queued_at))
  if (tab !== 'mine') return [...items].sort((a, b) => b.updated_at.localeCompare(a.updated_at))
  return [...items].sort((a, b) => {
    const waits = Number(unanswered(b)) - Number(unanswered(a))
    return waits || (unanswered(a) ? (a.asked_at ?? '').localeCompare(b.asked_at ?? '') : b.updated_at.localeCompare(a.updated_at))
  })
}

function unique(items: Conversation[]): Conversation[] {
  return [...new Map(items.map((c) => [c.id, c])).values()]
}

export const inbox = new Inbox()
session.listen(({ why }) => why === 'moved' && inbox.forget())
