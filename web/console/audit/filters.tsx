import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { Pick } from '../names/pick.tsx'
import { users } from '../names/users.tsx'
import type { Filter } from './filter.ts'
import { useText } from './text.ts'

const outcomes = ['success', 'failure', 'unknown'] as const

/** Filters are what a search is narrowed by; nothing is sent before one says so, as each search leaves a record. */
export function Filters({ first, change }: { first: Filter; change: (f: Filter) => void }) {
  const t = useText()
  const [f, setF] = useState(first)
  const [target, setTarget] = useState([first.target_type, first.target].filter(Boolean).join(' '))
  const put = (part: Filter) => setF({ ...f, ...part })

  function search(e: FormEvent) {
    e.preventDefault()
    const [target_type = '', id = ''] = target.trim().split(/[\s:]+/)
    change({ ...f, target_type, target: id })
  }
  return (
    <form className="filters" onSubmit={search}>
      <label>
        {t('audit.event')}
        <Input value={f.event} onChange={(e) => put({ event: e.target.value })} placeholder="role.*" spellCheck={false} />
      </label>
      <label>
        {t('audit.outcome')}
        <select value={f.outcome ?? ''} onChange={(e) => put({ outcome: e.target.value })}>
          <option value="">{t('audit.any')}</option>
          {outcomes.map((o) => (
            <option key={o} value={o}>
              {t(`audit.${o}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('audit.actor')}
        <Pick from={users} label={t('audit.actor')} value={f.actor ? [f.actor] : []} change={([actor = '']) => put({ actor })} none={t('audit.any')} />
      </label>
      <label>
        {t('audit.targetIs')}
        <Input value={target} onChange={(e) => setTarget(e.target.value)} placeholder="role agent_2" spellCheck={false} />
      </label>
      <label>
        {t('audit.from')}
        <input type="datetime-local" value={local(f.from)} onChange={(e) => put({ from: instant(e.target.value) })} />
      </label>
      <label>
        {t('audit.to')}
        <input type="datetime-local" value={local(f.to)} onChange={(e) => put({ to: instant(e.target.value) })} />
      </label>
      {f.session && (
        <label>
          {t('audit.session')}
          <Input value={f.session} onChange={(e) => put({ session: e.target.value })} spellCheck={false} allowClear />
        </label>
      )}
      <Button type="primary" htmlType="submit">
        {t('audit.search')}
      </Button>
    </form>
  )
}

/** instant is what a field for a local time means to the server, '' for nothing. */
function instant(text: string): string {
  return text ? new Date(text).toISOString() : ''
}

/** local is the reverse: an instant as such a field writes it. */
function local(at: string | undefined): string {
  if (!at) return ''
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? '' : new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
