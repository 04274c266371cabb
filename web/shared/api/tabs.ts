import type { Told } from './session.ts'

/** What tabs of one browser tell each other. The token travels in memory, from tab to tab of one origin. */
export type Word = { kind: 'issued'; issued: Told; at: number } | { kind: 'ended' } | { kind: 'wanted' }

/** Tabs is the line between the tabs; without BroadcastChannel (Safari before 15.4) every tab renews for itself. */
export class Tabs {
  private readonly channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('usher')

  constructor(hear: (word: Word) => void) {
    if (this.channel) this.channel.onmessage = (e: MessageEvent<Word>) => hear(e.data)
  }

  tell(word: Word) {
    this.channel?.postMessage(word)
  }
}
