import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { type Column, Listing } from '../listing/listing.tsx'
import { type Page, usePages } from '../listing/pages.ts'
import { Card } from '../shell/card.tsx'
import { useLanguage } from '../text.ts'
import { useText } from './text.ts'

type Visit = components['schemas']['VisitJSON']

/** Visits are the stays of people of the platform in the tenant: who, why, for how long, and whether more than reading was asked for. */
export function Visits() {
  const t = useText()
  const language = useLanguage()
  const found = usePages<Visit>(['visits'], (cursor) => client.get('/v1/visits', { query: { limit: 20, cursor } }) as Promise<Page<Visit>>)
  const columns: Column<Visit>[] = [
    { text: t('visits.who'), of: (v) => <>{v.visitor.name} {v.active && <i className="chip bad">{t('visits.now')}</i>}</> },
    { text: t('visits.reason'), cut: true, of: (v) => <span title={v.reason}>{v.reason}</span> },
    { text: t('visits.may'), of: (v) => t(v.write ? 'visits.write' : 'visits.read') },
    { text: t('visits.from'), of: (v) => exact(v.created_at, language) },
    { text: t('visits.until'), of: (v) => exact(v.ended_at ?? v.expires_at, language) },
  ]
  return (
    <Card title={t('visits.heading')} wide>
      <p className="quiet">{t('visits.help')}</p>
      <Listing label={t('visits.heading')} columns={columns} found={found} keyOf={(v) => v.id} none={t('visits.none')} />
    </Card>
  )
}
