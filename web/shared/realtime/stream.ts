/** A message of the server about a stream; docs/realtime.md lists what each kind has besides. */
export type StreamEvent = { type: 'event'; stream: string; seq: number; prev: number; kind: string; [more: string]: unknown }

/** What the server says, over a WebSocket or in the answer to a poll. */
export type Said =
  | StreamEvent
  | { type: 'followed' | 'reset'; stream: string; seq: number; view?: string; id?: string }
  | { type: 'position'; stream: string; seq: number; prev: number }
  | { type: 'ended'; stream: string; code: string }
  | { type: 'typing'; stream: string; user: string }
  | { type: 'error'; stream?: string; code: string; id?: string }
  | { type: 'unfollowed' | 'echo'; id?: string }

/** Listener is who follows a stream. */
export type Listener = {
  event: (e: StreamEvent) => void
  /** What is known is not enough to go on from: read everything by HTTP, now. */
  reset: () => void
  /** It is followed no longer; code is what a request would be refused with. */
  ended?: (code: string) => void
  typing?: (user: string) => void
}

/** Stream is how far one has come in a stream. */
export class Stream {
  readonly name: string
  seq: number | undefined
  view: string | undefined
  readonly listeners = new Set<Listener>()

  constructor(name: string, after: number | undefined) {
    this.name = name
    this.seq = after
  }

  /** follow is the message that begins, or begins again where it was. */
  follow(): object {
    return { type: 'follow', stream: this.name, after: this.seq, view: this.view }
  }

  /** position is what polling names it with, '' for one that begins now. */
  position(): string {
    return this.seq === undefined ? '' : [this.name, this.seq, this.view].filter((part) => part !== undefined).join(':')
  }

  /** hear takes what the server says about the stream. False when something is missing in between, which should never be. */
  hear(said: Said): boolean {
    switch (said.type) {
      case 'followed':
        if (this.seq === undefined) this.seq = said.seq
        this.view = said.view
        return true
      case 'reset':
        this.seq = said.seq
        this.view = said.view
        this.tell((l) => l.reset())
        return true
      case 'position':
      case 'event':
        if (said.prev !== this.seq && this.seq !== undefined && said.seq > this.seq) return false
        return this.take(said)
      case 'typing':
        this.tell((l) => l.typing?.(said.user))
    }
    return true
  }

  /** end tells all that it is followed no longer. */
  end(code: string) {
    this.tell((l) => l.ended?.(code))
  }

  /** tell tells those who listen now: whoever hears may stop, or begin anew. */
  private tell(f: (l: Listener) => void) {
    for (const listener of [...this.listeners]) f(listener)
  }

  private take(said: Extract<Said, { type: 'event' | 'position' }>): boolean {
    if (this.seq !== undefined && said.seq <= this.seq) return true // known already
    this.seq = said.seq
    if (said.type === 'event') this.tell((l) => l.event(said))
    return true
  }
}
