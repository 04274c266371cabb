import { useQuery } from '@tanstack/react-query'
import { Button, Input, Segmented } from 'antd'
import { type FormEvent, useState } from 'react'
import type { Conversation } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

type Props = { conversation: Conversation; close: () => void; done: (c: Conversation) => void }

/** Transfer passes a conversation on: to an agent who has room, or to a skill, where it waits in its old place. */
export function Transfer({ conversation: c, close, done }: Props) {
  const t = useText()
  const [to, setTo] = useState<'agent' | 'skill'>('agent')
  const [chosen, setChosen] = useState('')
  const [reason, setReason] = useState('')
  const [error, setError] = useState<unknown>()
  const agents = useQuery({ queryKey: ['candidates', c.id], queryFn: () => client.get('/v1/conversations/{id}/candidates', { path: { id: c.id } }), staleTime: 0 })
  const skills = useQuery({ queryKey: ['skills'], queryFn: () => client.get('/v1/skills', { query: { active: 'true', limit: 100 } }) })

  async function send(e: FormEvent) {
    e.preventDefault()
    try {
      done(await client.post('/v1/conversations/{id}/transfer', { path: { id: c.id }, version: c.version, body: { [to]: chosen, ...(reason.trim() ? { reason: reason.trim() } : {}) } }))
    } catch (e) {
      setError(e)
    }
  }
  const options =
    to === 'agent'
      ? agents.data?.items.map((a) => ({ id: a.agent.id, name: a.agent.name, note: t('transfer.load', { load: a.current_load, max: a.max_load }) }))
      : skills.data?.items.filter((s) => s.id !== c.skill?.id).map((s) => ({ id: s.id, name: s.name, note: '' }))
  return (
    <Dialog title={t('transfer.title')} close={close}>
      <form className="stack" onSubmit={(e) => void send(e)}>
        <Segmented<'agent' | 'skill'>
          block
          value={to}
          options={[
            { value: 'agent', label: t('transfer.agent') },
            { value: 'skill', label: t('transfer.skill') },
          ]}
          onChange={(v) => {
            setTo(v)
            setChosen('')
          }}
        />
        <div className="options" role="radiogroup" aria-label={t(`transfer.${to}`)}>
          {!options && <div className="ghost-box" />}
          {options?.length === 0 && <p className="quiet">{t('transfer.none')}</p>}
          {options?.map((o) => (
            <label key={o.id} className="option">
              <input type="radio" name="to" checked={chosen === o.id} onChange={() => setChosen(o.id)} />
              {o.name}
              <small>{o.note}</small>
            </label>
          ))}
        </div>
        <label className="field">
          {t('transfer.reason')}
          <Input value={reason} maxLength={200} onChange={(e) => setReason(e.target.value)} />
        </label>
        <Refused error={error ?? agents.error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" disabled={!chosen}>
            {t('transfer.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
