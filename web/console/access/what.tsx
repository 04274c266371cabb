import { client } from '../app.ts'
import { useWords } from '../catalogue/catalogue.ts'
import { type Column, Listing } from '../listing/listing.tsx'
import { anew, usePages } from '../listing/pages.ts'
import { DepartmentName } from '../departments/name.tsx'
import type { components } from '../../shared/api/schema.d.ts'
import { By } from './by.tsx'
import { useText } from './text.ts'

type Effective = components['schemas']['EffectiveJSON']

/** What lists everything that somebody may do now, and where each permission comes from; '' is oneself. */
export function What({ subject }: { subject: string }) {
  const t = useText()
  const words = useWords()
  const found = usePages<Effective>(['what-can', subject], () => client.post('/v1/access/what-can', { body: subject ? { subject } : {} }), anew)
  const columns: Column<Effective>[] = [
    { text: t('what.permission'), of: (e) => words.permission(e.permission) },
    { text: '', of: (e) => <code className="quiet">{e.permission}</code> },
    { text: t('access.by'), of: (e) => <By of={e.by} /> },
    { text: t('what.reach'), cut: true, of: (e) => e.departments?.map((d) => <i key={d} className="chip plain"><DepartmentName id={d} /></i>) },
  ]
  return <Listing label={t('access.what')} columns={columns} found={found} keyOf={(e) => e.permission + e.by.join()} none={t('what.none')} />
}
