import type { Client } from '../api/client.ts'
import { toProblem } from '../api/problem.ts'
import type { Session } from '../api/session.ts'
import { pollOnce } from './poll.ts'
import { type Listener, type Said, Stream } from './stream.ts'

/** How the line to the server stands: 'polling' is live too, a little slower. */
export type Line = 'connecting' | 'live' | 'polling' | 'offline'

const patience = 10_000 // for a handshake
const longest = 15_000 // between two tries
const tolerated = 3 // handshakes that may fail before polling
const doubted = 5000 // how long the other end may take to show that it is there
const away = 60_000 // hidden for so long, a page may have slept

/**
 * Feed follows streams over one connection, comes again after every loss and goes on where it was; without WebSockets it
 * polls. Whoever follows hears each event once and in order, or is told to read everything anew.
 */
export class Feed {
  line: Line = 'connecting'
  private readonly streams = new Map<string, Stream>()
  private readonly watchers = new Set<(line: Line) => void>()
  private socket: WebSocket | undefined
  private failures = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private doubt: ReturnType<typeof setTimeout> | undefined
  private hiddenAt = 0
  private polls: AbortController | undefined
  private stopped = true
  private readonly client: Client

  constructor(session: Session, client: Client) {
    this.client = client
    session.listen(({ user, why }) => {
      if (why === 'moved') this.stop() // what was followed is of another tenant
      if (user) this.start()
      else this.stop()
    })
    addEventListener('online', () => this.wake())
    addEventListener('offline', () => this.set('offline'))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') this.hiddenAt = Date.now()
      else if (this.line !== 'live' || Date.now() - this.hiddenAt > away) this.wake()
    })
  }

  watch(f: (line: Line) => void): () => void {
    this.watchers.add(f)
    return () => this.watchers.delete(f)
  }

  /**
   * follow follows a stream from now on, or from what came after a position, until the returned function is called. Several
   * may follow one stream: who joins later hears what comes from then on, and where it has passed their position is told to
   * read, since what came between is not said again.
   */
  follow(name: string, after: number | undefined, listener: Listener): () => void {
    const known = this.streams.get(name)
    const stream = known ?? this.begin(name, after)
    stream.listeners.add(listener)
    if (known && after !== undefined && after !== known.seq) queueMicrotask(() => stream.listeners.has(listener) && listener.reset())
    return () => {
      stream.listeners.delete(listener)
      if (stream.listeners.size > 0 || this.streams.get(name) !== stream) return
      this.streams.delete(name)
      this.say({ type: 'unfollow', stream: name })
    }
  }

  private begin(name: string, after: number | undefined): Stream {
    const stream = new Stream(name, after)
    this.streams.set(name, stream)
    this.say(stream.follow())
    this.polls?.abort() // ask for this one too
    return stream
  }

  /** typing shows the others that one is typing. */
  typing(stream: string) {
    this.say({ type: 'typing', stream })
  }

  start() {
    if (!this.stopped) return
    this.stopped = false
    this.again(0)
  }

  stop() {
    this.stopped = true
    clearTimeout(this.timer)
    clearTimeout(this.doubt)
    this.polls?.abort()
    this.socket?.close()
    this.socket = undefined
    this.streams.clear()
  }

  /** wake makes sure of the line after what may have cut it: a socket looks open long after the other end has gone. */
  private wake() {
    if (this.socket?.readyState !== WebSocket.OPEN) return this.again(0)
    clearTimeout(this.doubt)
    this.doubt = setTimeout(() => this.give(), doubted)
    this.say({ type: 'echo' })
  }

  /** give up a socket without waiting for the other end to agree. */
  private give() {
    const socket = this.socket
    this.socket = undefined
    socket?.close()
    this.lost()
  }

  private again(after: number) {
    clearTimeout(this.timer)
    if (this.stopped || this.socket) return
    this.timer = setTimeout(() => void this.connect(), after)
  }

  private async connect() {
    if (this.socket || this.stopped) return
    if (this.line !== 'polling') this.set(this.failures === 0 ? 'connecting' : 'offline')
    try {
      const { ticket } = await this.client.post('/v1/realtime/tickets')
      if (this.stopped || this.socket) return
      this.open(ticket)
    } catch (e) {
      if (toProblem(e).status !== 401) this.lost()
    }
  }

  private open(ticket: string) {
    const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/v1/realtime', ['usher.v1', 'usher.ticket.' + ticket])
    const tooLong = setTimeout(() => socket.close(), patience)
    this.socket = socket
    socket.onopen = () => {
      clearTimeout(tooLong)
      this.failures = 0
      this.polls?.abort()
      this.set('live')
      for (const stream of this.streams.values()) this.say(stream.follow())
    }
    socket.onmessage = (e: MessageEvent<string>) => {
      clearTimeout(this.doubt)
      this.set('live') // whatever the browser says of the network
      this.hear(JSON.parse(e.data) as Said)
    }
    socket.onclose = () => {
      clearTimeout(tooLong)
      if (this.socket !== socket) return
      clearTimeout(this.doubt)
      this.socket = undefined
      this.lost()
    }
  }

  /** lost waits a moment of random length, longer each time, so that not everybody comes back at once. */
  private lost() {
    this.failures++
    if (this.stopped) return
    if (this.line !== 'polling') this.set(this.failures > 1 ? 'offline' : 'connecting')
    if (this.failures >= tolerated && !this.polls) void this.poll()
    this.again(Math.random() * Math.min(longest, 500 * 2 ** Math.min(this.failures, 6)))
  }

  /** poll asks again and again until a WebSocket is open. */
  private async poll() {
    while (!this.stopped && this.line !== 'live') {
      this.polls = new AbortController()
      try {
        const said = await pollOnce(this.client, [...this.streams.values()], this.polls.signal)
        this.set('polling')
        for (const one of said) this.hear(one)
      } catch {
        if (this.line === 'polling' && !this.polls.signal.aborted) this.set('offline')
        await new Promise((resolve) => setTimeout(resolve, this.polls?.signal.aborted ? 50 : 3000))
      }
    }
    this.polls = undefined
  }

  private hear(said: Said) {
    const stream = 'stream' in said && said.stream !== undefined ? this.streams.get(said.stream) : undefined
    if (!stream) return
    if (said.type === 'ended' || said.type === 'error') {
      if (said.code === 'already_followed') return
      this.streams.delete(stream.name)
      stream.end(said.code)
    } else if (!stream.hear(said)) {
      this.say({ type: 'unfollow', stream: stream.name })
      this.say(stream.follow())
    }
  }

  private say(message: object) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  private set(line: Line) {
    if (line === this.line) return
    this.line = line
    for (const f of this.watchers) f(line)
  }
}
