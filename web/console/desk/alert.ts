import type { Conversation } from '../../shared/desk/desk.ts'

/** What an agent is told of, wherever they look. */
export type Alert = 'assigned' | 'message'

const burst = 60_000 // who writes on within so long is not told of again before somebody has looked
const quiet = 5000 // between two alerts, whatever they are of

/** alertFor is what a later reading of a conversation tells whoever holds it; undefined for what they did themselves or know already. */
export function alertFor(before: Conversation | undefined, after: Conversation, me: string): Alert | undefined {
  if (after.assignee?.id !== me) return undefined
  if (before?.assignee?.id !== me) return 'assigned'
  return (after.asked_at ?? '') > (before.asked_at ?? '') ? 'message' : undefined
}

/** Patience keeps alerts from becoming noise. */
export class Patience {
  private lastAt = -Infinity
  private readonly toldAt = new Map<string, number>()

  /** allows notes an alert of a conversation, and answers whether it may be given. */
  allows(c: Conversation, what: Alert, now = Date.now()): boolean {
    const again = what === 'message' && c.unread > 1 && now - (this.toldAt.get(c.id) ?? -Infinity) < burst
    if (again || now - this.lastAt < quiet) return false
    this.lastAt = now
    this.toldAt.set(c.id, now)
    return true
  }
}
