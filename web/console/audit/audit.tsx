import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { Refused } from '../shell/refused.tsx'
import { useLanguage, useText } from '../text.ts'
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
  const found = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) => client.get('/v1/audit/records', { query: { ...filter, limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchOnWindowFocus: false, // reading the trail leaves a record too
  })
  const items = (found.data?.pages.flatMap((p) => p.items) ?? []) as unknown as Item[]
  return (
    <div className="audit">
      <section className="audit-main">
        <h1>{t('menu.audit')}</h1>
        <Filters change={setFilter} />
        <Refused error={found.error} again={() => void found.refetch()} />
        <div className="audit-table" role="region" aria-label={t('audit.records')} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {(['time', 'actor', 'event', 'target', 'outcome'] as const).map((c) => (
                  <th key={c} scope="col">
                    {t(`audit.${c}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.isPending && Array.from({ length: 8 }, (_, i) => <tr key={i} className="ghost"><td colSpan={5}><i /></td></tr>)}
              {items.map((item) => (
                <tr key={item.id} className={item.id === open?.id ? 'on' : ''}>
                  <td>
                    <button type="button" className="plain-button" onClick={() => setOpen(item)}>
                      {exact(item.record.time, language)}
                    </button>
                  </td>
                  <td><Actor of={item.record.actor} /></td>
                  <td>
                    <code>{item.record.action.event}</code>
                  </td>
                  <td className="cut">{item.record.target?.map((x) => x.type).join(', ')}</td>
                  <td>
                    <i className={item.record.outcome.result === 'success' ? 'chip resolved' : 'chip bad'}>{t(`audit.${item.record.outcome.result}`)}</i> {item.record.outcome.reason}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {found.data && items.length === 0 && <p className="empty quiet">{t('audit.none')}</p>}
          {found.hasNextPage && (
            <Button block type="text" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t('desk.more')}
            </Button>
          )}
        </div>
      </section>
      {open && <RecordDetail key={open.id} record={open.record} personal={open.personal} close={() => setOpen(undefined)} />}
    </div>
  )
}
