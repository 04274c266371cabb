import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import type { Skill } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { useDepartments } from '../listing/known.ts'
import { Panel } from '../listing/panel.tsx'
import { Removal } from '../listing/removal.tsx'
import { Select } from '../listing/select.tsx'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { AgeFields } from './ages.tsx'
import { bodyOf, type Draft, draftOf } from './draft.ts'
import { useText } from './text.ts'

/** SkillPanel makes or changes a skill: what it is called, which department serves it, and when others help out. */
export function SkillPanel({ skill: s, close, done }: { skill: Skill | undefined; close: () => void; done: () => void }) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const deed = useDeed()
  const departments = useDepartments()
  const [draft, setDraft] = useState<Draft>(() => draftOf(s))
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const mayChange = may(s ? 'system_config:update' : 'system_config:create')

  async function save(e: FormEvent) {
    e.preventDefault()
    const body = bodyOf(draft)
    const saved = await deed.act(() => (s ? client.patch('/v1/skills/{id}', { path: { id: s.id }, version: s.version, body }) : client.post('/v1/skills', { body })))
    if (!saved) return
    message.success(t('skills.saved'))
    done()
  }
  return (
    <Panel label={s?.name ?? t('skills.new')} title={s?.name ?? t('skills.new')} close={close}>
      <form onSubmit={(e) => void save(e)}>
        <fieldset className="stack bare" disabled={!mayChange}>
          <label className="field">
            {t('skills.name')}
            <Input value={draft.name} maxLength={64} required disabled={!mayChange} onChange={(e) => change({ name: e.target.value })} />
          </label>
          <Select label={t('skills.department')} none={t('skills.nobody')} value={draft.department} options={departments} kept={s?.department} change={(department) => change({ department })} help={t('skills.departmentHelp')} />
          <Select label={t('skills.fallback')} none={t('skills.nobody')} value={draft.fallback} options={departments} kept={s?.fallback_department} change={(fallback) => change({ fallback })} help={t('skills.fallbackHelp')} />
          <AgeFields ages={draft.ages} change={(ages) => change({ ages })} />
          <label className="field">
            {t('skills.place')}
            <input type="number" min={0} max={1_000_000} required value={draft.place} onChange={(e) => change({ place: e.target.valueAsNumber || 0 })} />
          </label>
          <label>
            <input type="checkbox" checked={draft.active} onChange={(e) => change({ active: e.target.checked })} /> {t('skills.offer')}
          </label>
        </fieldset>
        <Refused error={deed.error} />
        <div className="row-end">
          {s && may('system_config:delete') && (
            <Removal
              label={t('skills.delete')}
              question={t('skills.deleteQuestion', { name: s.name })}
              deed={deed}
              remove={() => client.delete('/v1/skills/{id}', { path: { id: s.id }, version: s.version })}
              done={done}
            />
          )}
          {mayChange && (
            <Button type="primary" htmlType="submit" loading={deed.busy}>
              {t('skills.save')}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  )
}
