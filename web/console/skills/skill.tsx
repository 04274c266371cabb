import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import type { Skill } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { Removal } from '../listing/removal.tsx'
import { departments } from '../names/departments.ts'
import { PickOne } from '../names/one.tsx'
import { keep } from '../names/source.ts'
import { meant, useChange } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { AgeFields } from './ages.tsx'
import { bodyOf, changeOf, type Draft, draftOf } from './draft.ts'
import { useText } from './text.ts'

type Props = { skill: Skill | undefined; again: () => Promise<unknown>; close: () => void; done: () => void }

/** SkillPanel makes or changes a skill: what it is called, which department serves it, and when others help out. */
export function SkillPanel({ skill: s, again, close, done }: Props) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const deed = useDeed()
  useState(() => keep(departments, [s?.department, s?.fallback_department].filter((d) => d != null)))
  const { now: draft, put: change, sent } = useChange<Draft>(draftOf(s))
  const mayChange = may(s ? 'system_config:update' : 'system_config:create')

  async function save(e: FormEvent) {
    e.preventDefault()
    const saved = await deed.act(() => (s ? meant(client.patch('/v1/skills/{id}', { path: { id: s.id }, version: s.version, body: changeOf(sent) }), again) : client.post('/v1/skills', { body: bodyOf(draft) })))
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
          <PickOne
            from={departments}
            label={t('skills.department')}
            none={t('skills.nobody')}
            value={draft.department}
            change={(department) => change({ department })}
            disabled={!mayChange}
            help={t('skills.departmentHelp')}
          />
          <PickOne
            from={departments}
            label={t('skills.fallback')}
            none={t('skills.nobody')}
            value={draft.fallback}
            change={(fallback) => change({ fallback })}
            disabled={!mayChange}
            help={t('skills.fallbackHelp')}
          />
          <AgeFields ages={draft.ages} change={(ages) => change({ ages })} />
          <label className="field">
            {t('skills.place')}
            <input type="number" min={0} max={1_000_000} required value={draft.place} onChange={(e) => change({ place: e.target.valueAsNumber || 0 })} />
          </label>
          <label>
            <input type="checkbox" checked={draft.active} onChange={(e) => change({ active: e.target.checked })} /> {t('skills.offer')}
          </label>
        </fieldset>
        <Refused error={deed.error} kept />
        <div className="row-end">
          {s && may('system_config:delete') && (
            <Removal
              label={t('skills.delete')}
              question={t('skills.deleteQuestion', { name: s.name })}
              deed={deed}
              remove={() => meant(client.delete('/v1/skills/{id}', { path: { id: s.id }, version: s.version }), again)}
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
