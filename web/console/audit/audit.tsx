import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { type Page, usePages } from '../listing/pages.ts'
import { useLanguage, useText } from './text.ts'
import './audit.css'
import { RecordDetail } from './detail.tsx'
import { type Filter, Filters } from './filters.tsx'
import type { AuditRecord, Personal } from './record.ts'
import { Actor } from './who.tsx'

type Item = { id: string; record: AuditRecord; personal: Personal }

/** Audit finds who did what, to what, when, and how it ended. */
export function Audit() {
  const t = useText()
  const language = useLanguage()
  const [filter, setFilter] = useState<Filter>({})
  const [open, setOpen] = useState<Item>()
  const found = usePages<Item>(['audit', filter], async (cursor) => {
    const page = await client.get('/v1/audit/records', { query: { ...filter, limit: 50, cursor } })
    return page as unknown as Page<Item>
  })
  const columns: Column<Item>[] = [
    { text: t('audit.time'), of: (i) => <Opener text={exact(i.record.time, language)} open={() => setOpen(i)} /> },
    { text: t('audit.actor'), of: (i) => <Actor of={i.record.actor} /> },
    { text: t('audit.event'), of: (i) => <code>{i.record.action.event}</code> },
    { text: t('audit.target'), cut: true, of: (i) => i.record.target?.map((x) => x.type).join(', ') },
    { text: t('audit.outcome'), of: (i) => <Outcome of={i.record.outcome} /> },
  ]
  return (
    <div className="page">
      <section className="page-main">
        <h1>{t('menu.audit')}</h1>
        <Filters change={setFilter} />
        <Listing label={t('audit.records')} columns={columns} found={found} keyOf={(i) => i.id} isOpen={(i) => i.id === open?.id} none={t('audit.none')} />
      </section>
      {open && <RecordDetail key={open.id} record={open.record} personal={open.personal} close={() => setOpen(undefined)} />}
    </div>
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
