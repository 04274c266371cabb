import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import type { FormEvent } from 'react'
import type { Agent } from '../../shared/desk/desk.ts'
import { exact } from '../../shared/text/time.ts'
import { client, queries, session } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { Removal } from '../listing/removal.tsx'
import { meant, useChange } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { agentsChanged } from './agents.tsx'
import { LimitFields, type Limits } from './limits.tsx'
import { SetStatus, StatusOf } from './status.tsx'
import { useLanguage, useText } from './text.ts'

/** AgentPanel is one agent: how they stand, and what others may set of them. */
export function AgentPanel({ id, close }: { id: string; close: () => void }) {
  const t = useText()
  const key = ['agent', id]
  const { data: agent, error, refetch } = useQuery({ queryKey: key, queryFn: () => client.get('/v1/agents/{id}', { path: { id } }), refetchOnWindowFocus: false })
  const changed = (a: Agent) => {
    queries.setQueryData(key, a)
    agentsChanged()
  }
  return (
    <Panel label={agent?.user.name ?? t('menu.agents')} title={agent?.user.name ?? t('menu.agents')} close={close}>
      <Refused error={error} again={() => void refetch()} />
      {!agent && !error && <div className="ghost-box" />}
      {agent && (
        <>
          <Facts agent={agent} />
          <SetStatus agent={agent} done={changed} />
          <Settings agent={agent} changed={changed} again={refetch} gone={close} />
        </>
      )}
    </Panel>
  )
}

function Facts({ agent: a }: { agent: Agent }) {
  const t = useText()
  const language = useLanguage()
  return (
    <dl>
      <dt>{t('agents.status')}</dt>
      <dd>
        <StatusOf agent={a} />
      </dd>
      <dt>{t('agents.since')}</dt>
      <dd>{exact(a.status_at, language)}</dd>
      <dt>{t('agents.load')}</dt>
      <dd>
        {a.current_load}/{a.max_load}
      </dd>
      <dt>{t('agents.departments')}</dt>
      <dd>{a.departments.map((d) => d.name).join(', ') || '–'}</dd>
      <dt>{t('agents.last')}</dt>
      <dd>{a.last_assigned_at ? exact(a.last_assigned_at, language) : t('agents.never')}</dd>
    </dl>
  )
}

type SettingsProps = { agent: Agent; changed: (a: Agent) => void; again: () => Promise<unknown>; gone: () => void }

/** Settings are limits and skills, which nobody sets of themselves. */
function Settings({ agent: a, changed, again, gone }: SettingsProps) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const deed = useDeed()
  const form = useChange<Limits>({ max_load: a.max_load, skill_tags: a.skill_tags.map((s) => s.id) })
  const own = a.user.id === session.user?.id
  const mayChange = !own && may('agent:update')
  const path = { id: a.user.id }

  async function save(e: FormEvent) {
    e.preventDefault()
    const save = (sent: Partial<Limits>) => meant(client.patch('/v1/agents/{id}', { path, version: a.version, body: sent }), again)
    if (await deed.act(async () => changed(await form.send(save)))) message.success(t('agents.saved'))
  }
  return (
    <form className="stack" aria-label={t('agents.settings')} onSubmit={(e) => void save(e)}>
      <h3>{t('agents.settings')}</h3>
      {own && <p className="quiet">{t('agents.own')}</p>}
      <LimitFields limits={form.now} change={form.put} disabled={!mayChange} />
      <Refused error={deed.error} kept />
      <div className="row-end">
        {!own && may('agent:delete') && (
          <Removal
            label={t('agents.delete')}
            question={t('agents.deleteQuestion', { name: a.user.name })}
            deed={deed}
            remove={() => meant(client.delete('/v1/agents/{id}', { path, version: a.version }), again)}
            done={() => {
              agentsChanged()
              gone()
            }}
          />
        )}
        {mayChange && (
          <Button type="primary" htmlType="submit" loading={deed.busy}>
            {t('agents.save')}
          </Button>
        )}
      </div>
    </form>
  )
}
