import type { Client } from '../api/client.ts'
import { type Problem, toProblem } from '../api/problem.ts'
import type { Feed } from '../realtime/feed.ts'
import { Store } from '../store.ts'
import { type Conversation, type Message, newID, newer } from './desk.ts'
import { Outbox, type Outgoing, withoutArrived } from './outbox.ts'

export type ThreadState = {
  conversation: Conversation | undefined
  messages: Message[]
  outgoing: Outgoing[]
  earlier: boolean // there are older ones that were not read yet
  typing: boolean
  problem: Problem | undefined // why it cannot be shown
}

const page = 50
const typingShown = 4000
const recheck = 15_000 // where one reads a conversation without following it

/** Thread is one conversation as it is read: its messages in order, what is on its way, and what happens meanwhile. */
export class Thread {
  readonly store = new Store<ThreadState>({ conversation: undefined, messages: [], outgoing: [], earlier: false, typing: false, problem: undefined })
  readonly outbox: Outbox
  readonly id: string
  private readonly user: string
  private readonly client: Client
  private readonly feed: Feed
  private readonly unwatch: () => void
  private stop: (() => void) | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private asking: ReturnType<typeof setInterval> | undefined
  private readTo = 0
  private typedAt = 0
  private closed = false

  constructor(client: Client, feed: Feed, user: string, id: string) {
    this.client = client
    this.feed = feed
    this.id = id
    this.user = user
    this.outbox = new Outbox(user, id)
    this.store.set({ outgoing: this.outbox.unsent() })
    this.unwatch = feed.watch((line) => (line === 'live' || line === 'polling') && this.retryAll())
    void this.read()
  }

  close() {
    this.closed = true
    this.stop?.()
    clearTimeout(this.timer)
    clearInterval(this.asking)
    this.unwatch()
  }

  /** read takes in the newest messages and follows from there on. */
  async read() {
    this.stop?.()
    try {
      const [conversation, messages] = await Promise.all([
        this.client.get('/v1/conversations/{id}', { path: { id: this.id } }),
        this.client.get('/v1/conversations/{id}/messages', { path: { id: this.id }, query: { limit: page } }),
      ])
      if (this.closed) return
      this.store.set({ conversation: newer(this.store.get().conversation, conversation), earlier: messages.more, problem: undefined })
      this.put(messages.items)
      this.follow(messages.last_seq)
      this.retryAll()
    } catch (e) {
      this.store.set({ problem: toProblem(e) })
    }
  }

  /** readEarlier takes in the page before the oldest message. */
  async readEarlier() {
    const first = this.store.get().messages[0]
    if (!first) return
    const before = await this.client.get('/v1/conversations/{id}/messages', { path: { id: this.id }, query: { before: first.seq, limit: page } })
    this.store.set({ earlier: before.more })
    this.put(before.items)
  }

  /** send shows a message at once and sends it until the server has it or refuses it. */
  send(kind: Outgoing['kind'], text: string, file?: File) {
    const outgoing: Outgoing = { id: newID(), kind, text, state: 'sending', at: new Date().toISOString(), ...(file ? { file } : {}) }
    this.go([...this.store.get().outgoing, outgoing])
    return this.deliver(outgoing)
  }

  retry(id: string) {
    const found = this.store.get().outgoing.find((o) => o.id === id)
    if (found) void this.deliver(found)
  }

  drop(id: string) {
    this.go(this.store.get().outgoing.filter((o) => o.id !== id))
  }

  /** typing is called for every key; the others hear of it once in two seconds. */
  typing() {
    if (Date.now() - this.typedAt < 2000) return
    this.typedAt = Date.now()
    this.feed.typing('conversation/' + this.id)
  }

  /** sawAll says that the newest message has been read. */
  sawAll() {
    const { conversation, messages } = this.store.get()
    const last = lastSeq(messages)
    const counts = conversation?.face === 'requester' || conversation?.assignee?.id === this.user // nobody else has a cursor
    if (!conversation || !counts || last <= this.readTo || (conversation.unread === 0 && last === conversation.last_seq && this.readTo > 0)) return
    this.readTo = last
    this.client.post('/v1/conversations/{id}/cursor', { path: { id: this.id }, body: { read: last } }).then(
      () => this.update({ ...conversation, ...this.store.get().conversation!, unread: 0 }),
      () => (this.readTo = 0), // it changed hands, or the network is away
    )
  }

  /** update takes a later reading of the conversation, from an answer or from a list. */
  update(conversation: Conversation) {
    this.store.set({ conversation: newer(this.store.get().conversation, conversation) })
  }

  /** retryAll sends what was only kept because nobody could be reached. What was refused is for its author to judge. */
  private retryAll() {
    for (const o of this.store.get().outgoing) if (o.state === 'failed' && o.title === undefined) this.retry(o.id)
  }

  private follow(after: number) {
    this.stop = this.feed.follow('conversation/' + this.id, after, {
      event: (e) => {
        const message = e['message'] as Message
        this.put([message])
        if (message.kind === 'system') void this.reread()
        if (message.author_face !== 'system') this.store.set({ typing: false })
      },
      reset: () => void this.read(),
      ended: (code) => {
        if (code === 'no_part_in_conversation') this.ask()
        else void this.read()
      },
      typing: () => {
        clearTimeout(this.timer)
        this.store.set({ typing: true })
        this.timer = setTimeout(() => this.store.set({ typing: false }), typingShown)
      },
    })
  }

  /** ask looks now and then: who reads a conversation without a part in it may not follow it. */
  private ask() {
    clearInterval(this.asking)
    this.asking = setInterval(() => {
      if (document.visibilityState === 'visible') void this.since()
    }, recheck)
  }

  /** since takes in what came after the newest known message, and follows again where that is allowed by now. */
  async since() {
    const last = lastSeq(this.store.get().messages)
    const known = this.store.get().conversation?.version
    try {
      const [, after] = await Promise.all([
        this.reread(),
        this.client.get('/v1/conversations/{id}/messages', { path: { id: this.id }, query: { after: last, limit: page } }),
      ])
      this.put(after.items)
      if (this.store.get().conversation?.version !== known) {
        clearInterval(this.asking)
        this.stop?.()
        this.follow(after.last_seq)
      }
    } catch {
      return // the next look will tell
    }
  }

  private async reread() {
    const conversation = await this.client.get('/v1/conversations/{id}', { path: { id: this.id } })
    if (!this.closed) this.update(conversation)
  }

  private async deliver(o: Outgoing) {
    this.change(o.id, { state: 'sending' })
    try {
      if (o.kind === 'whisper' || o.kind === 'barge') await this.supervise(o.kind, o)
      else await this.say(o.kind, o)
      this.drop(o.id)
    } catch (e) {
      const problem = toProblem(e)
      this.change(o.id, { state: 'failed', ...(problem.passes ? {} : { title: problem.message }) })
    }
  }

  private async say(kind: 'text' | 'note' | 'file', o: Outgoing) {
    const file = o.file ? (await this.client.upload(o.file)).id : undefined
    const message = await this.client.post('/v1/conversations/{id}/messages', {
      path: { id: this.id },
      body: { kind, client_msg_id: o.id, ...(o.text ? { text: o.text } : {}), ...(file ? { file } : {}) },
    })
    this.put([message])
  }

  /** supervise speaks as a supervisor, which is answered with the supervision and not with the message. */
  private async supervise(kind: 'whisper' | 'barge', o: Outgoing) {
    await this.client.post(`/v1/conversations/{id}/${kind}`, { path: { id: this.id }, body: { text: o.text, client_msg_id: o.id } })
    await this.since()
  }

  private change(id: string, change: Partial<Outgoing>) {
    this.go(this.store.get().outgoing.map((o) => (o.id === id ? { ...o, ...change } : o)))
  }

  private go(outgoing: Outgoing[]) {
    this.store.set({ outgoing })
    this.outbox.keep(outgoing)
  }

  /** put merges messages in by their seq. */
  private put(items: Message[]) {
    const bySeq = new Map(this.store.get().messages.map((m) => [m.seq, m]))
    for (const m of items) bySeq.set(m.seq, { ...m })
    const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
    this.go(withoutArrived(this.store.get().outgoing, messages))
    this.store.set({ messages })
  }
}

function lastSeq(messages: Message[]): number {
  return messages[messages.length - 1]?.seq ?? 0
}
