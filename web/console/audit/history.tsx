import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import '../listing/listing.css'
import { More } from '../listing/more.tsx'
import { anew, type Page, usePages } from '../listing/pages.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import './audit.css'
import { Changes } from './changes.tsx'
import type { Item } from './record.ts'
import { useLanguage, useText } from './text.ts'
import { Actor } from './who.tsx'

/** What changes the access that a role gives, or that a user has. */
const events = {
  role: ['role.create', 'role.clone', 'role.update', 'role.activate', 'role.deactivate', 'role.import'],
  user: ['user.create', 'user.import', 'user.set_roles', 'user.change_roles', 'user.set_permission_list', 'user.disable', 'user.enable', 'user.update'],
}

type Props = { of: keyof typeof events; id: string }

/** History is who changed a role, or what a user may do: when, and from what to what. It is read when one opens it, as reading leaves a record. */
export function History({ of, id }: Props) {
  const t = useText()
  const [open, setOpen] = useState(false)
  if (!useMay()('audit_log:read')) return null
  return (
    <details className="history" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t('history.title')}</summary>
      {open && <Told of={of} id={id} />}
    </details>
  )
}

function Told({ of, id }: Props) {
  const t = useText()
  const language = useLanguage()
  const found = usePages<Item>(
    ['history', of, id],
    async (cursor) => {
      const query = { target_type: of, target: id, event: events[of], outcome: 'success', limit: 20, cursor } as const
      return (await client.get('/v1/audit/records', { query })) as unknown as Page<Item>
    },
    anew,
  )
  return (
    <div className="stack">
      <Refused error={found.error} again={() => void found.refetch()} />
      {found.isPending && <div className="ghost-box" aria-busy="true" />}
      {found.data && found.items.length === 0 && <p className="quiet">{t('history.none')}</p>}
      <ol>
        {found.items.map((i) => (
          <li key={i.id}>
            <header>
              <time dateTime={i.record.time}>{exact(i.record.time, language)}</time>
              <Actor of={i.record.actor} />
              <code>{i.record.action.event}</code>
            </header>
            <Changes record={i.record} personal={i.personal} />
          </li>
        ))}
      </ol>
      <More of={found} />
      <p>
        <Link to="/audit" search={{ target_type: of, target: id }}>
          {t('history.all')}
        </Link>
      </p>
    </div>
  )
}
