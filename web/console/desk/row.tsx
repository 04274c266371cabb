import { memo, useEffect, useState } from 'react'
import type { Conversation } from '../../shared/desk/desk.ts'
import { Outbox } from '../../shared/desk/outbox.ts'
import { ago } from '../../shared/text/time.ts'
import { session } from '../app.ts'
import { useLanguage, useText } from './text.ts'
import { unanswered } from './inbox.ts'

type Props = { conversation: Conversation; current: boolean; open: (id: string) => void; waiting: boolean }

/** Row is a conversation in a list. What needs an answer weighs more than what waits for somebody else. */
export const Row = memo(function Row({ conversation: c, current, open, waiting }: Props) {
  const t = useText()
  const language = useLanguage()
  useTick()
  const draft = new Outbox(session.user?.id ?? '', c.id).draft('text')
  return (
    <button type="button" className={['conversation', current ? 'current' : '', unanswered(c) ? 'needs' : ''].join(' ')} aria-current={current ? 'true' : undefined} onClick={() => open(c.id)}>
      <Face name={c.requester.name} />
      <span className="conversation-top">
        <span className="cut conversation-name">{c.requester.name}</span>
        <time dateTime={c.updated_at}>{waiting ? t('desk.waits', { time: ago(c.queued_at, language) }) : ago(c.updated_at, language)}</time>
      </span>
      <span className="cut conversation-subject">{c.subject}</span>
      <span className="conversation-foot">
        {draft ? <span className="cut last draft">{t('desk.draft') + ': ' + draft}</span> : <span className="cut last">{c.last_message?.text}</span>}
        {c.unread > 0 && (
          <b className="badge" aria-label={t('desk.unread', { count: c.unread })}>
            {c.unread}
          </b>
        )}
      </span>
      <span className="conversation-chips">
        <i className={'chip ' + c.state}>{t(`state.${c.state}`)}</i>
        {c.skill && <i className="chip plain">{c.skill.name}</i>}
        {(c.priority ?? 0) > 0 && <i className="chip bad">{t(`details.priority.${(c.priority ?? 0) as 1 | 2 | 3}`)}</i>}
      </span>
    </button>
  )
})

/** Face stands for somebody: the first letter of their name on a colour of their own. */
export function Face({ name }: { name: string }) {
  const hue = [...name].reduce((sum, c) => (sum * 31 + c.codePointAt(0)!) % 360, 7)
  return (
    <span className="face" aria-hidden="true" style={{ background: `hsl(${hue} 45% 38%)` }}>
      {[...name.trim()][0] ?? '?'}
    </span>
  )
}

/** useTick draws times anew every half minute. */
function useTick() {
  const [, set] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => set((n) => n + 1), 30_000)
    return () => clearInterval(timer)
  }, [])
}
