import { Button, Segmented } from 'antd'
import { useState } from 'react'
import type { Agent } from '../../shared/desk/desk.ts'
import { client, session } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

const statuses = ['online', 'busy', 'offline'] as const
type Status = Agent['status']

/** StatusOf is whether an agent takes work, and whether somebody would see it: who is not connected is given nothing. */
export function StatusOf({ agent: a }: { agent: Agent }) {
  const t = useText()
  const apart = a.status !== 'offline' && !a.connected
  return (
    <>
      <i className={'lamp ' + (apart ? 'offline' : a.status)} /> {t(`status.${a.status}`)} {apart && <i className="chip queued">{t('agents.apart')}</i>}
      {a.status_reason && <i className="chip queued">{t(`reason.${a.status_reason as 'no_answer'}`)}</i>}
    </>
  )
}

/** SetStatus sets the status of somebody. Who is sent home keeps what they hold, or gives it back to the queue with its age. */
export function SetStatus({ agent: a, done }: { agent: Agent; done: (changed: Agent) => void }) {
  const t = useText()
  const may = useMay()
  const deed = useDeed()
  const [asking, setAsking] = useState(false)
  const scope = a.user.id === session.user?.id ? 'agent:set_status' : 'agent:set_status:department'
  if (!may(scope)) return null

  async function set(status: Status, what: { keep?: true; release?: true } = {}) {
    const set = await deed.act(async () => done(await client.put('/v1/agents/{id}/status', { path: { id: a.user.id }, body: { status, ...what } })))
    if (set) setAsking(false)
  }
  const choose = (status: Status) => (status === 'offline' && a.current_load > 0 ? setAsking(true) : void set(status))
  return (
    <section className="stack">
      <h3>{t('agents.setStatus')}</h3>
      <Segmented<Status> aria-label={t('agents.setStatus')} disabled={deed.busy} value={asking ? 'offline' : a.status} options={statuses.map((s) => ({ value: s, label: t(`status.${s}`) }))} onChange={choose} />
      {asking && (
        <div className="hint stack">
          <p>{t('agents.holds', { count: a.current_load })}</p>
          <div className="deeds-row">
            <Button onClick={() => void set('offline', { keep: true })}>{t('agents.keep')}</Button>
            <Button onClick={() => void set('offline', { release: true })}>{t('agents.release')}</Button>
            <Button type="text" onClick={() => setAsking(false)}>
              {t('cancel')}
            </Button>
          </div>
        </div>
      )}
      <Refused error={deed.error} />
    </section>
  )
}
