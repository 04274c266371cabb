import { memo } from 'react'
import type { Message } from '../../shared/desk/desk.ts'
import { MessageItem } from './message.tsx'

const size = 50

type Seen = 'read' | 'sent' | undefined
type Props = { messages: Message[]; before: Message | undefined; me: string; seen: Seen }

/**
 * Chunk is some messages of a conversation that are laid out, drawn and skipped together: in a conversation of thousands a
 * browser looks at a hundred boxes, and draws anew the one that changed.
 */
export const Chunk = memo(function Chunk({ messages, before, me, seen }: Props) {
  return (
    <div className="chunk">
      {messages.map((m, i) => (
        <MessageItem key={m.id} message={m} before={messages[i - 1] ?? before} me={me} seen={i === messages.length - 1 ? seen : undefined} />
      ))}
    </div>
  )
}, same)

function same(a: Props, b: Props): boolean {
  return a.before === b.before && a.me === b.me && a.seen === b.seen && a.messages.length === b.messages.length && a.messages.every((m, i) => m === b.messages[i])
}

/** chunksOf parts messages by their seq, so that those that come before the first leave the others where they are. */
export function chunksOf(messages: Message[]): { key: number; messages: Message[] }[] {
  const chunks: { key: number; messages: Message[] }[] = []
  for (const m of messages) {
    const key = Math.floor(m.seq / size)
    const last = chunks[chunks.length - 1]
    if (last?.key === key) last.messages.push(m)
    else chunks.push({ key, messages: [m] })
  }
  return chunks
}
