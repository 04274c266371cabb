import { useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { client } from '../app.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { RoleName } from '../names/roles.tsx'
import { leave } from '../shell/draft.ts'
import { useMay } from '../shell/may.ts'
import { useStill } from '../shell/still.ts'
import { useLanguage } from '../text.ts'
import type { Exclusion } from './exclusion.ts'
import './exclusions.css'
import { ExclusionPanel } from './panel.tsx'
import { useText } from './text.ts'

/** Exclusions lists which roles exclude each other, and the one that is open. */
export function Exclusions() {
  const t = useText()
  const language = useLanguage()
  const navigate = useNavigate()
  const still = useStill()
  const { name } = useParams({ strict: false }) as { name?: string }
  const [making, setMaking] = useState(false)
  const may = useMay()('role:assign')
  const found = usePages<Exclusion>(['exclusions'], (cursor) => client.get('/v1/exclusions', { query: { limit: 50, cursor } }))
  const open = (to: string | undefined) => {
    setMaking(false)
    void (to ? navigate({ to: '/exclusions/$name', params: { name: to }, ignoreBlocker: true }) : navigate({ to: '/exclusions', ignoreBlocker: true }))
  }
  const columns: Column<Exclusion>[] = [
    { text: t('exclusions.name'), of: (e) => <Opener text={e.name} open={() => open(e.name)} /> },
    { text: t('exclusions.roles'), of: (e) => <RoleNames of={e.roles} /> },
    { text: t('exclusions.atMost'), spare: true, of: (e) => e.at_most },
    { text: t('exclusions.description'), spare: true, cut: true, of: (e) => (language === 'en' ? e.description_en : e.description_zh) },
  ]
  const done = (to: string | undefined) => {
    void found.refetch()
    if (still()) open(to)
  }
  return (
    <div className="page">
      <section className="page-main">
        <div className="page-head">
          <h1>{t('menu.exclusions')}</h1>
          {may && (
            <Button type="primary" onClick={() => leave(() => setMaking(true))}>
              {t('exclusions.new')}
            </Button>
          )}
        </div>
        <p className="quiet">{t('exclusions.help')}</p>
        <Listing
          label={t('exclusions.list')}
          columns={columns}
          found={found}
          keyOf={(e) => e.name}
          isOpen={(e) => !making && e.name === name}
          none={t('exclusions.none')}
        />
      </section>
      {making && <ExclusionPanel key="" name={undefined} close={() => setMaking(false)} done={done} />}
      {!making && name && <ExclusionPanel key={name} name={name} close={() => open(undefined)} done={done} />}
    </div>
  )
}

function RoleNames({ of }: { of: string[] }) {
  return (
    <span className="chips">
      {of.map((r) => (
        <i key={r} className="chip plain">
          <RoleName name={r} />
        </i>
      ))}
    </span>
  )
}
