import type { Message } from '../../shared/desk/desk.ts'
import { lineText } from '../../shared/desk/line.ts'
import type { Outgoing } from '../../shared/desk/outbox.ts'
import { clock, dayOf } from '../../shared/text/time.ts'
import { spoken, t } from '../text.ts'
import { Attachment } from './attachment.tsx'

type Props = { message: Message; before: Message | undefined; mine: boolean; read: boolean; last: boolean }

/** Bubble is a message, below its day where that is another one than before. */
export function Bubble({ message: m, before, mine, read, last }: Props) {
  const language = spoken.get().language
  const day = dayOf(m.created_at, language)
  const newDay = !before || dayOf(before.created_at, language) !== day
  const head = !mine && (newDay || before?.author?.id !== m.author?.id)
  return (
    <>
      {newDay && <p class="day">{day}</p>}
      {m.kind === 'system' ? (
        <p class="line">{lineText(m, t)}</p>
      ) : (
        <div class={mine ? 'said mine' : 'said'}>
          {head && <span class="author">{m.author?.name}</span>}
          <div class="bubble">
            {m.file && <Attachment file={m.file} />}
            {m.text && <p>{m.text}</p>}
          </div>
          <span class="when">
            <time dateTime={m.created_at}>{clock(m.created_at, language)}</time>
            {mine && last && ' · ' + (read ? t('thread.read') : t('thread.sent'))}
          </span>
        </div>
      )}
    </>
  )
}

/** OutgoingBubble is a message that is not with the server yet. */
export function OutgoingBubble({ outgoing: o, retry, drop }: { outgoing: Outgoing; retry: () => void; drop: () => void }) {
  return (
    <div class={'said mine ' + o.state}>
      <div class="bubble">
        <p>{o.file ? o.file.name : o.text}</p>
      </div>
      {o.state === 'sending' ? (
        <span class="when">{t('message.sending')}</span>
      ) : (
        <span class="when failed" role="alert">
          {o.title ?? t('message.failed')}
          <button type="button" onClick={retry}>
            {t('message.retry')}
          </button>
          <button type="button" onClick={drop}>
            {t('message.drop')}
          </button>
        </span>
      )}
    </div>
  )
}
