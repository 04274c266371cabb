import { useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { type Dispatch, type SetStateAction, useState } from 'react'
import type { Agent } from '../../shared/desk/desk.ts'
import { ago } from '../../shared/text/time.ts'
import { client, queries } from '../app.ts'
import { useSkills } from '../listing/known.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { Search } from '../listing/search.tsx'
import { Select } from '../listing/select.tsx'
import { departments } from '../names/departments.ts'
import { PickOne } from '../names/one.tsx'
import { leave } from '../shell/draft.ts'
import { useMay } from '../shell/may.ts'
import { useStill } from '../shell/still.ts'
import { AgentPanel } from './agent.tsx'
import './agents.css'
import { Hire } from './hire.tsx'
import { Chips } from './chips.tsx'
import { StatusOf } from './status.tsx'
import { useLanguage, useText } from './text.ts'

type Filter = { q: string; status: '' | Agent['status']; skill: string; department: string }

/** agentsChanged has every list of agents read anew. */
export function agentsChanged() {
  void queries.invalidateQueries({ queryKey: ['agents'] })
}

/** Agents is who works conversations, and the one who is open. */
export function Agents() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const still = useStill()
  const { agent } = useParams({ strict: false }) as { agent?: string }
  const [filter, setFilter] = useState<Filter>({ q: '', status: '', skill: '', department: '' })
  const [hiring, setHiring] = useState(false)
  const open = (id?: string) => void navigate({ to: '/agents/{-$agent}', params: { agent: id }, ignoreBlocker: true })
  const found = usePages<Agent>(['agents', filter], (cursor) => {
    const { status, ...rest } = filter
    return client.get('/v1/agents', { query: { ...rest, ...(status ? { status } : {}), limit: 50, cursor } })
  })
  return (
    <div className="page">
      <section className="page-main">
        <header className="page-head">
          <h1>{t('menu.agents')}</h1>
          {may('agent:create') && (
            <Button type="primary" onClick={() => leave(() => setHiring(true))}>
              {t('agents.new')}
            </Button>
          )}
        </header>
        <Filters filter={filter} change={setFilter} />
        <Listing label={t('menu.agents')} columns={useColumns(open)} found={found} keyOf={(a) => a.user.id} isOpen={(a) => a.user.id === agent} none={t('agents.none')} />
      </section>
      {agent && <AgentPanel key={agent} id={agent} close={() => still() && open()} />}
      {hiring && (
        <Hire
          close={() => setHiring(false)}
          done={(made) => {
            setHiring(false)
            agentsChanged()
            if (still()) open(made.user.id)
          }}
        />
      )}
    </div>
  )
}

function useColumns(open: (id: string) => void): Column<Agent>[] {
  const t = useText()
  const language = useLanguage()
  return [
    { text: t('agents.name'), of: (a) => <Opener text={a.user.name} open={() => open(a.user.id)} /> },
    { text: t('agents.status'), of: (a) => <StatusOf agent={a} /> },
    { text: t('agents.load'), of: (a) => <Load agent={a} /> },
    { text: t('agents.skills'), spare: true, of: (a) => <Chips of={a.skill_tags} /> },
    { text: t('agents.departments'), spare: true, of: (a) => a.departments.map((d) => d.name).join(', ') || '–' },
    { text: t('agents.last'), spare: true, of: (a) => (a.last_assigned_at ? t('agents.ago', { time: ago(a.last_assigned_at, language) }) : '–') },
  ]
}

function Load({ agent: a }: { agent: Agent }) {
  const t = useText()
  return (
    <>
      {a.current_load}/{a.max_load} {a.current_load > a.max_load && <i className="chip bad">{t('agents.over')}</i>}
    </>
  )
}

function Filters({ filter, change }: { filter: Filter; change: Dispatch<SetStateAction<Filter>> }) {
  const t = useText()
  const may = useMay()
  const skills = useSkills()
  return (
    <div className="filters" role="search">
      <Search label={t('agents.search')} change={(q) => change((f) => ({ ...f, q }))} />
      <Select
        label={t('agents.status')}
        value={filter.status}
        none={t('agents.any')}
        options={(['online', 'busy', 'offline'] as const).map((id) => ({ id, name: t(`status.${id}`) }))}
        change={(status) => change({ ...filter, status: status as Filter['status'] })}
      />
      <Select label={t('agents.skill')} value={filter.skill} none={t('agents.any')} options={skills} change={(skill) => change({ ...filter, skill })} />
      {may('department:read') && (
        <PickOne from={departments} label={t('agents.department')} value={filter.department} none={t('agents.any')} change={(department) => change({ ...filter, department })} />
      )}
    </div>
  )
}
