import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import type { Conversation } from '../../shared/desk/desk.ts'
import { session } from '../app.ts'
import { useWatch } from '../desk/watch.tsx'
import { unanswered } from '../desk/inbox.ts'
import { type Column, Listing } from '../listing/listing.tsx'
import { useMay } from '../shell/may.ts'
import { Since } from './clock.tsx'
import { type Look, useLive } from './live.ts'
import { useText } from './text.ts'

type Props = { look: Look; name: string; change: (look: Look) => void; everything: Look }

/** Going are the live conversations. Whoever may steps in from here; what then happens is at the desk. */
export function Going({ look, name, change, everything }: Props) {
  const t = useText()
  const found = useLive(look)
  const columns: Column<Conversation>[] = [
    { text: t('going.conversation'), cut: true, of: (c) => <Opened of={c} /> },
    { text: t('going.state'), of: (c) => <i className={'chip ' + c.state}>{t(`state.${c.state}`)}</i> },
    { text: t('going.requester'), of: (c) => c.requester.name },
    { text: t('going.assignee'), of: (c) => c.assignee?.name ?? '–' },
    { text: t('going.skill'), of: (c) => c.skill?.name ?? '–' },
    { text: t('going.lasts'), of: (c) => <Since at={c.state === 'queued' ? c.queued_at : c.assigned_at} /> },
    { text: t('going.unanswered'), of: (c) => <Since at={unanswered(c) ? c.asked_at : undefined} /> },
    { text: t('going.deeds'), of: (c) => <Watch of={c} /> },
  ]
  return (
    <section aria-labelledby="going" className="going">
      <header className="page-head">
        <h2 id="going">{name ? t('going.titleOf', { name }) : t('going.title')}</h2>
        {look !== everything && <Button onClick={() => change(everything)}>{t('going.all')}</Button>}
      </header>
      <Listing label={t('going.title')} columns={columns} found={found} keyOf={(c) => c.id} none={t('going.none')} />
    </section>
  )
}

function Opened({ of: c }: { of: Conversation }) {
  return (
    <Link to="/desk/$id" params={{ id: c.id }}>
      #{c.number} {c.subject}
    </Link>
  )
}

/** Watch are the three ways into a conversation of somebody else. Each begins with listening, which the agent may be shown. */
function Watch({ of: c }: { of: Conversation }) {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const { begin, dialog } = useWatch(c.id)
  const elsewhere = c.assignee && c.assignee.id !== session.user?.id && c.requester.id !== session.user?.id
  if (!elsewhere || !may('conversation:monitor')) return null
  const modes = (['monitor', 'whisper', 'barge'] as const).filter((m) => may(`conversation:${m}`))
  return (
    <span className="watch">
      {modes.map((m) => (
        <Button
          key={m}
          size="small"
          aria-label={t(`watch.${m}Of`, { number: c.number })}
          onClick={() => void begin(() => void navigate({ to: '/desk/$id', params: { id: c.id }, hash: m === 'monitor' ? '' : m }))}
        >
          {t(`watch.${m}`)}
        </Button>
      ))}
      {dialog}
    </span>
  )
}
