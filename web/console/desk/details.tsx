import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { type Conversation, over } from '../../shared/desk/desk.ts'
import type { Thread } from '../../shared/desk/thread.ts'
import { exact } from '../../shared/text/time.ts'
import { client, session } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { useLanguage, useText } from './text.ts'
import { Edit } from './edit.tsx'
import { Face } from './row.tsx'

/** Details is what is known about a conversation and whoever asked. */
export function Details({ conversation: c, thread }: { conversation: Conversation; thread: Thread }) {
  const t = useText()
  const may = useMay()
  const [editing, setEditing] = useState(false)
  const mine = c.assignee?.id === session.user?.id || may('conversation:update:department')
  const language = useLanguage()
  const others = useQuery({
    queryKey: ['of', c.requester.id],
    queryFn: () => client.get('/v1/conversations', { query: { requester: c.requester.id, limit: 6 } }),
    staleTime: 60_000,
  })
  const rest = others.data?.items.filter((o) => o.id !== c.id) ?? []
  return (
    <aside className="details" aria-label={t('details.title')}>
      <div className="person">
        <Face name={c.requester.name} />
        <div>
          <strong>{c.requester.name}</strong>
          <small>{t('details.requester')}</small>
        </div>
      </div>
      <dl>
        <Item name={t('details.assignee')}>{c.assignee?.name ?? t('details.nobody')}</Item>
        <Item name={t('details.skill')}>{c.skill?.name ?? t('details.nobody')}</Item>
        {c.department && <Item name={t('details.department')}>{c.department.name}</Item>}
        <Item name={t('details.priority')}>{t(`details.priority.${(c.priority ?? 0) as 0 | 1 | 2 | 3}`)}</Item>
        {(c.tags?.length ?? 0) > 0 && (
          <Item name={t('details.tags')}>
            {c.tags!.map((tag) => (
              <i key={tag.id} className="chip plain">
                {tag.name}
              </i>
            ))}
          </Item>
        )}
        {(c.supervisors?.length ?? 0) > 0 && (
          <Item name={t('watch.by')}>
            {c.supervisors!.map((s) => (
              <div key={s.user.id}>
                {s.user.name} <i className="chip plain">{t(`mode.${s.mode}`)}</i>
              </div>
            ))}
          </Item>
        )}
        <Item name={t('details.created')}>{exact(c.created_at, language)}</Item>
        {c.rating && (
          <Item name={t('details.rating')}>
            <span role="img" aria-label={t('details.stars', { score: c.rating.score })}>
              {'★'.repeat(c.rating.score)}
            </span>{' '}
            {c.rating.text}
          </Item>
        )}
      </dl>
      {mine && may('conversation:update') && !over(c.state) && (
        <Button block className="details-edit" onClick={() => setEditing(true)}>
          {t('edit.open')}
        </Button>
      )}
      {editing && <Edit conversation={c} thread={thread} close={() => setEditing(false)} />}
      {rest.length > 0 && (
        <>
          <h2>{t('details.earlier')}</h2>
          <ul>
            {rest.map((o) => (
              <li key={o.id}>
                <Link to="/desk/$id" params={{ id: o.id }}>
                  <span className="cut">{o.subject}</span>
                  <small>
                    #{o.number} · {t(`state.${o.state}`)}
                  </small>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  )
}

function Item({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
