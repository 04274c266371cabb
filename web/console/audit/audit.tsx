import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { type Page, usePages } from '../listing/pages.ts'
import './audit.css'
import { RecordDetail } from './detail.tsx'
import { filterOf, toQuery } from './filter.ts'
import { Filters } from './filters.tsx'
import type { AuditRecord, Item } from './record.ts'
import { TargetName } from './target.tsx'
import { useLanguage, useText } from './text.ts'
import { Actor } from './who.tsx'

/** Audit finds who did what, to what, when, and how it ended. What is searched for stands in the address. */
export function Audit() {
  const t = useText()
  const language = useLanguage()
  const navigate = useNavigate()
  const filter = filterOf(useSearch({ strict: false }))
  const [open, setOpen] = useState<Item>()
  const found = usePages<Item>(['audit', filter], async (cursor) => {
    const page = await client.get('/v1/audit/records', { query: { ...toQuery(filter), limit: 50, cursor } })
    return page as unknown as Page<Item>
  })
  const columns: Column<Item>[] = [
    { text: t('audit.time'), of: (i) => <Opener text={exact(i.record.time, language)} open={() => setOpen(i)} /> },
    { text: t('audit.actor'), spare: true, of: (i) => <Actor of={i.record.actor} /> },
    { text: t('audit.event'), of: (i) => <code>{i.record.action.event}</code> },
    { text: t('audit.target'), spare: true, cut: true, of: (i) => <Targets of={i.record.target ?? []} /> },
    { text: t('audit.outcome'), of: (i) => <Outcome of={i.record.outcome} /> },
  ]
  return (
    <div className="page">
      <section className="page-main">
        <h1>{t('menu.audit')}</h1>
        <Filters key={JSON.stringify(filter)} first={filter} change={(f) => void navigate({ to: '/audit', search: filterOf(f) as Record<string, string> })} />
        <Listing label={t('audit.records')} columns={columns} found={found} keyOf={(i) => i.id} isOpen={(i) => i.id === open?.id} none={t('audit.none')} />
      </section>
      {open && <RecordDetail key={open.id} record={open.record} personal={open.personal} close={() => setOpen(undefined)} />}
    </div>
  )
}

const few = 2 // targets that stand in a row

function Targets({ of }: { of: NonNullable<AuditRecord['target']> }) {
  return (
    <>
      {of.slice(0, few).map((x) => (
        <span key={x.type + x.id} className="target">
          <small className="quiet">{x.type}</small> <TargetName of={x} />
        </span>
      ))}
      {of.length > few && <small className="quiet">+{of.length - few}</small>}
    </>
  )
}

function Outcome({ of: { result, reason } }: { of: AuditRecord['outcome'] }) {
  const t = useText()
  return (
    <>
      <i className={result === 'success' ? 'chip resolved' : 'chip bad'}>{t(`audit.${result}`)}</i> {reason}
    </>
  )
}
