import { Button } from 'antd'
import { useState } from 'react'
import type { Skill } from '../../shared/desk/desk.ts'
import { client, queries } from '../app.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { leave } from '../shell/draft.ts'
import { useMay } from '../shell/may.ts'
import { Rehearsal } from './rehearsal.tsx'
import { SkillPanel } from './skill.tsx'
import './skills.css'
import { useText } from './text.ts'

/** Skills is what there is to ask for, who serves it, and whom dispatch would choose. */
export function Skills() {
  const t = useText()
  const may = useMay()
  const [open, setOpen] = useState<Skill | 'new'>()
  const [rehearsing, setRehearsing] = useState(false)
  const reads = may('system_config:read', 'conversation:create')
  const close = () => setOpen((now) => (now === open ? undefined : now)) // who saved may have opened another meanwhile
  return (
    <div className="page">
      <section className="page-main">
        <header className="page-head">
          <h1>{t('menu.skills')}</h1>
          {may('queue:read') && <Button onClick={() => leave(() => (close(), setRehearsing(true)))}>{t('skills.rehearse')}</Button>}
          {may('system_config:create') && (
            <Button type="primary" onClick={() => leave(() => (setRehearsing(false), setOpen('new')))}>
              {t('skills.new')}
            </Button>
          )}
        </header>
        {reads && <List open={open === 'new' ? undefined : open} choose={(s) => (setRehearsing(false), setOpen(s))} />}
        {!reads && <p className="quiet">{t('skills.hidden')}</p>}
      </section>
      {rehearsing && <Rehearsal close={() => setRehearsing(false)} />}
      {open && (
        <SkillPanel
          key={open === 'new' ? 'new' : open.id}
          skill={open === 'new' ? undefined : open}
          again={async () => open !== 'new' && setOpen(await client.get('/v1/skills/{id}', { path: { id: open.id } }))}
          close={close}
          done={() => (skillsChanged(), close())}
        />
      )}
    </div>
  )
}

/** skillsChanged has everything that lists skills read them anew. */
function skillsChanged() {
  void queries.invalidateQueries({ queryKey: ['skills'] })
}

function List({ open, choose }: { open: Skill | undefined; choose: (s: Skill) => void }) {
  const t = useText()
  const found = usePages<Skill>(['skills', 'list'], (cursor) => client.get('/v1/skills', { query: { limit: 50, cursor } }))
  // Without it the server says what a skill is called, and not who serves it.
  const config = useMay()('system_config:read')
  const known: Column<Skill>[] = [
    { text: t('skills.department'), of: (s) => s.department?.name ?? '–' },
    { text: t('skills.fallback'), spare: true, of: (s) => s.fallback_department?.name ?? '–' },
    { text: t('skills.ages'), spare: true, of: (s) => <Ages of={s} /> },
  ]
  const columns: Column<Skill>[] = [
    { text: t('skills.name'), of: (s) => (config ? <Opener text={s.name} open={() => choose(s)} /> : s.name) },
    ...(config ? known : []),
    { text: t('skills.offered'), of: (s) => <i className={s.active ? 'chip resolved' : 'chip plain'}>{t(s.active ? 'skills.active' : 'skills.inactive')}</i> },
  ]
  return <Listing label={t('menu.skills')} columns={columns} found={found} keyOf={(s) => s.id} isOpen={(s) => s.id === open?.id} none={t('skills.none')} />
}

function Ages({ of: s }: { of: Skill }) {
  const t = useText()
  if (s.relax_seconds === null) return <span className="quiet">{t('skills.asDesk')}</span>
  return <>{[s.relax_seconds, s.overflow_seconds, s.open_seconds].map((n) => t('skills.seconds', { count: n ?? 0 })).join(' / ')}</>
}
