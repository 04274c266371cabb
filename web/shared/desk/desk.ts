import type { components } from '../api/schema.d.ts'

type Schemas = components['schemas']
export type Conversation = Schemas['ConversationJSON']
export type Message = Schemas['MessageJSON']
export type State = Conversation['state']
export type Skill = Schemas['SkillJSON']
export type Agent = Schemas['AgentJSON']
export type CannedReply = Schemas['CannedReplyJSON']
export type FileInfo = Schemas['FileJSON']

/** newer is the later of two readings of one conversation: a row may arrive after a later one was read. */
export function newer(a: Conversation | undefined, b: Conversation): Conversation {
  if (!a) return b
  const older = b.version < a.version || (b.version === a.version && b.last_seq < a.last_seq)
  // Rows of lists lack what only the reading of one conversation has.
  return older ? a : { ...(b.cursors ? {} : { cursors: a.cursors, supervisors: a.supervisors }), ...b }
}

/** countedPlaces is how far the server counts a queue: this many, or more. */
export const countedPlaces = 1000

/** over tells whether it has ended. */
export function over(state: State): boolean {
  return state === 'resolved' || state === 'closed' || state === 'abandoned'
}

/** newID is an id that this client gives a message, so that sending it twice stores it once. */
export function newID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
}
