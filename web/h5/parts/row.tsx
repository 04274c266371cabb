import type { Conversation } from '../../shared/desk/desk.ts'
import { ago } from '../../shared/text/time.ts'
import { spoken, t } from '../text.ts'

/** Row is a conversation in a list: its subject, the last words, how it stands. */
export function Row({ conversation: c }: { conversation: Conversation }) {
  return (
    <li>
      <a class="row" href={'#/c/' + c.id}>
        <span class="row-top">
          <span class="row-subject">{c.subject}</span>
          {c.unread > 0 && (
            <span class="badge" aria-label={t('home.unread', { count: c.unread })}>
              {c.unread}
            </span>
          )}
        </span>
        <span class="row-last">{c.last_message?.text || '#' + c.number}</span>
        <span class="row-foot">
          <span class={'state ' + c.state}>{t(`state.${c.state}`)}</span>
          {c.skill && <span>{c.skill.name}</span>}
          <time dateTime={c.updated_at}>{ago(c.updated_at, spoken.get().language)}</time>
        </span>
      </a>
    </li>
  )
}

/** Rows stand in for a list that is being read. */
export function Rows({ count }: { count: number }) {
  return (
    <ul class="rows" aria-busy="true">
      {Array.from({ length: count }, (_, i) => (
        <li key={i} class="row ghost">
          <i />
          <i />
          <i />
        </li>
      ))}
    </ul>
  )
}
