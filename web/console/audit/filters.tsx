import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import type { paths } from '../../shared/api/schema.d.ts'
import { useText } from './text.ts'

export type Filter = Omit<NonNullable<paths['/v1/audit/records']['get']['parameters']['query']>, 'limit' | 'cursor'>

const outcomes = ['success', 'failure', 'unknown'] as const

/** Filters are what a search is narrowed by; nothing is sent before one says so, as each search leaves a record. */
export function Filters({ change }: { change: (f: Filter) => void }) {
  const t = useText()
  const [event, setEvent] = useState('')
  const [outcome, setOutcome] = useState('')
  const [actor, setActor] = useState('')
  const [target, setTarget] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')

  function search(e: FormEvent) {
    e.preventDefault()
    const [kind, id] = target.trim().split(/[\s:]+/)
    change({
      ...(event.trim() ? { event: event.trim() } : {}),
      ...(outcome ? { outcome: outcome as (typeof outcomes)[number] } : {}),
      ...(actor.trim() ? { actor: actor.trim() } : {}),
      ...(kind ? { target_type: kind } : {}),
      ...(kind && id ? { target: id } : {}),
      ...(from ? { from: new Date(from).toISOString() } : {}),
      ...(to ? { to: new Date(to).toISOString() } : {}),
    })
  }
  return (
    <form className="filters" onSubmit={search}>
      <label>
        {t('audit.event')}
        <Input value={event} onChange={(e) => setEvent(e.target.value)} placeholder="role.*" spellCheck={false} />
      </label>
      <label>
        {t('audit.outcome')}
        <select value={outcome} onChange={(e) => setOutcome(e.target.value)}>
          <option value="">{t('audit.any')}</option>
          {outcomes.map((o) => (
            <option key={o} value={o}>
              {t(`audit.${o}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('audit.actorId')}
        <Input value={actor} onChange={(e) => setActor(e.target.value)} spellCheck={false} />
      </label>
      <label>
        {t('audit.targetIs')}
        <Input value={target} onChange={(e) => setTarget(e.target.value)} placeholder="role agent_2" spellCheck={false} />
      </label>
      <label>
        {t('audit.from')}
        <input type="datetime-local" value={from} onChange={(e) => setFrom(e.target.value)} />
      </label>
      <label>
        {t('audit.to')}
        <input type="datetime-local" value={to} onChange={(e) => setTo(e.target.value)} />
      </label>
      <Button type="primary" htmlType="submit">
        {t('audit.search')}
      </Button>
    </form>
  )
}
