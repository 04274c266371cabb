import { memo } from 'react'
import type { Message } from '../../shared/desk/desk.ts'
import { lineText } from '../../shared/desk/line.ts'
import type { Outgoing } from '../../shared/desk/outbox.ts'
import { clock, dayOf } from '../../shared/text/time.ts'
import { useLanguage, useText } from './text.ts'
import { Attachment } from './attachment.tsx'

type Props = { message: Message; before: Message | undefined; me: string; seen: 'read' | 'sent' | undefined }

/** MessageItem is a message, below its day where that is another one than before. */
export const MessageItem = memo(function MessageItem({ message: m, before, me, seen }: Props) {
  const t = useText()
  const language = useLanguage()
  const day = dayOf(m.created_at, language)
  const newDay = !before || dayOf(before.created_at, language) !== day
  const mine = m.author?.id === me
  return (
    <>
      {newDay && (
        <p className="day">
          <span>{day}</span>
        </p>
      )}
      {m.kind === 'system' ? (
        <p className="line">
          {lineText(m, t)} · <time dateTime={m.created_at}>{clock(m.created_at, language)}</time>
        </p>
      ) : (
        <div className={['said', m.author_face === 'requester' ? '' : 'ours', mine ? 'mine' : '', m.kind].join(' ')}>
          <span className="said-head">
            <b>{m.author?.name}</b>
            {m.author_face === 'supervisor' && <i className="chip plain">{t('thread.supervisor')}</i>}
            {m.kind === 'note' && <i>{t('thread.note')}</i>}
            {m.kind === 'whisper' && <i>{t('thread.whisper')}</i>}
            <time dateTime={m.created_at}>{clock(m.created_at, language)}</time>
          </span>
          <div className="bubble">
            {m.file && <Attachment file={m.file} />}
            {m.text && <p>{m.text}</p>}
          </div>
          {seen && <small className="seen">{t(`thread.${seen}`)}</small>}
        </div>
      )}
    </>
  )
})

/** OutgoingItem is a message that is not with the server yet. */
export function OutgoingItem({ outgoing: o, retry, drop }: { outgoing: Outgoing; retry: () => void; drop: () => void }) {
  const t = useText()
  return (
    <div className={['said ours mine', o.kind, o.state].join(' ')}>
      <div className="bubble">
        <p>{o.file ? o.file.name : o.text}</p>
      </div>
      {o.state === 'sending' ? (
        <small className="seen">{t('message.sending')}</small>
      ) : (
        <small className="seen bad" role="alert">
          {o.title ?? t('message.failed')}
          <button type="button" className="plain-button" onClick={retry}>
            {t('message.retry')}
          </button>
          <button type="button" className="plain-button" onClick={drop}>
            {t('message.drop')}
          </button>
        </small>
      )}
    </div>
  )
}
