import type { Message } from './desk.ts'

/** Outgoing is a message on its way: shown at once, kept until the server has it. */
export type Outgoing = {
  id: string // client_msg_id
  kind: 'text' | 'note' | 'file' | 'whisper' | 'barge'
  text: string
  file?: File // of an upload that has not succeeded; it does not survive the page
  state: 'sending' | 'failed'
  title?: string // why, for people
  at: string
}

/** Outbox keeps what was typed in one conversation, sent or not, over reloads. */
export class Outbox {
  private readonly key: string

  constructor(user: string, conversation: string) {
    this.key = `${user}.${conversation}`
  }

  draft(kind: string): string {
    return localStorage.getItem(`usher.draft.${kind}.${this.key}`) ?? ''
  }

  keepDraft(kind: string, text: string) {
    const name = `usher.draft.${kind}.${this.key}`
    if (text) localStorage.setItem(name, text)
    else localStorage.removeItem(name)
  }

  unsent(): Outgoing[] {
    try {
      return (JSON.parse(localStorage.getItem(`usher.outbox.${this.key}`) ?? '[]') as Outgoing[]).map((o) => ({ ...o, state: 'failed' }))
    } catch {
      return []
    }
  }

  keep(outgoing: Outgoing[]) {
    const name = `usher.outbox.${this.key}`
    const texts = outgoing.filter((o) => o.kind !== 'file')
    if (texts.length > 0) localStorage.setItem(name, JSON.stringify(texts))
    else localStorage.removeItem(name)
  }
}

/** withoutArrived are those of which the server has not told yet. */
export function withoutArrived(outgoing: Outgoing[], messages: Message[]): Outgoing[] {
  const arrived = new Set(messages.map((m) => m.client_msg_id))
  return outgoing.filter((o) => !arrived.has(o.id))
}

/** forgetOthers leaves nothing of what anybody but a user typed in this browser. */
export function forgetOthers(user: string) {
  for (const name of Object.keys(localStorage)) {
    if (/^usher\.(draft|outbox)\./.test(name) && !name.includes(user)) localStorage.removeItem(name)
  }
}

/** forgetDrafts leaves nothing of what a user typed in a browser that somebody else goes on with. */
export function forgetDrafts(user: string) {
  for (const name of Object.keys(localStorage)) {
    if (/^usher\.(draft|outbox)\./.test(name) && name.includes(user)) localStorage.removeItem(name)
  }
}
