import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import type { Answer } from '../../shared/api/client.ts'
import { client } from '../app.ts'
import { useSkills } from '../listing/known.ts'
import { Panel } from '../listing/panel.tsx'
import { Select } from '../listing/select.tsx'
import { departments } from '../names/departments.ts'
import { PickOne } from '../names/one.tsx'
import { useDeed } from '../shell/deed.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

type Found = Answer<'/v1/dispatch/dry-run', 'post'>

/** Rehearsal asks dispatch whom it would choose for a conversation that nobody has asked for, and why not the others. */
export function Rehearsal({ close }: { close: () => void }) {
  const t = useText()
  const deed = useDeed()
  const skills = useSkills()
  const [skill, setSkill] = useState('')
  const [department, setDepartment] = useState('')
  const [minutes, setMinutes] = useState(0)
  const [found, setFound] = useState<Found>()

  function ask(e: FormEvent) {
    e.preventDefault()
    const body = { ...(skill ? { skill } : {}), ...(department ? { department } : {}), waited_seconds: minutes * 60 }
    void deed.act(async () => setFound(await client.post('/v1/dispatch/dry-run', { body })))
  }
  return (
    <Panel label={t('rehearsal.title')} title={t('rehearsal.title')} close={close}>
      <p className="quiet">{t('rehearsal.help')}</p>
      <form className="stack" onSubmit={ask}>
        <Select label={t('rehearsal.skill')} none={t('rehearsal.anySkill')} value={skill} options={skills} change={setSkill} />
        <PickOne from={departments} label={t('rehearsal.department')} none={t('rehearsal.ofSkill')} value={department} change={setDepartment} />
        <label className="field">
          {t('rehearsal.waited')}
          <input type="number" min={0} max={10_080} required value={minutes} onChange={(e) => setMinutes(e.target.valueAsNumber || 0)} />
        </label>
        <div className="row-end">
          <Button type="primary" htmlType="submit" loading={deed.busy}>
            {t('rehearsal.ask')}
          </Button>
        </div>
      </form>
      <Refused error={deed.error} />
      {found && <Outcome of={found} />}
    </Panel>
  )
}

function Outcome({ of: found }: { of: Found }) {
  const t = useText()
  return (
    <div className="stack" role="status">
      <section>
        <h3>{t('rehearsal.candidates', { count: found.candidates.length })}</h3>
        {found.candidates.length === 0 && <p className="quiet">{t('rehearsal.none')}</p>}
        <ol className="verdicts">
          {found.candidates.map((c) => (
            <li key={c.agent.id}>
              <b>{c.agent.name}</b>
              <span className="quiet">{t('rehearsal.load', { load: c.current_load, max: c.max_load })}</span>
              <i className="chip resolved">{t(`pass.${c.pass}`)}</i>
            </li>
          ))}
        </ol>
      </section>
      {found.waits_for && <p className="hint">{t('rehearsal.waitsFor', { name: found.waits_for.name })}</p>}
      {found.opens_in_seconds !== null && found.opens_in_seconds > 0 && <p className="quiet">{t('rehearsal.opens', { minutes: Math.ceil(found.opens_in_seconds / 60) })}</p>}
      <section>
        <h3>{t('rehearsal.others', { count: found.others.length })}</h3>
        <ul className="verdicts">
          {found.others.map((o) => (
            <li key={o.agent.id}>
              <b>{o.agent.name}</b>
              <i className="chip plain">{t(`why.${o.reason}`)}</i>
            </li>
          ))}
        </ul>
        {found.left_out && <p className="quiet">{t('rehearsal.leftOut')}</p>}
      </section>
    </div>
  )
}
