import { App, Popover } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Agent } from '../../shared/desk/desk.ts'
import { Store } from '../../shared/store.ts'
import { toProblem } from '../../shared/api/problem.ts'
import { refusal } from '../../shared/text/refusal.ts'
import { client, feed, useStore } from '../app.ts'
import { useText } from '../text.ts'
import { refused, type Wishes, wish, wishes } from './wishes.ts'

// Only agents need it, and only while they take work.
const Alerts = lazy(() => import('../desk/alerts.tsx').then((m) => ({ default: m.Alerts })))

/** ownAgent is oneself as an agent: whether one takes work, and how much one has. */
export const ownAgent = new Store<{ agent: Agent | undefined }>({ agent: undefined })

export async function readOwnAgent() {
  ownAgent.set({ agent: await client.get('/v1/me/agent').catch(() => ownAgent.get().agent) })
}

const states = ['online', 'busy', 'offline'] as const
type Status = (typeof states)[number]

/** Presence shows and changes the own status, and the load as 3/5. */
export function Presence() {
  const t = useText()
  const { message } = App.useApp()
  const { agent } = useStore(ownAgent)
  const [open, setOpen] = useState(false)
  useEffect(() => {
    void readOwnAgent()
    return feed.watch((line) => line === 'live' && void readOwnAgent())
  }, [])
  async function choose(status: Status) {
    setOpen(false)
    try {
      ownAgent.set({ agent: await client.put('/v1/me/agent', { body: status === 'offline' ? { status, keep: true } : { status } }) })
    } catch (e) {
      message.error(refusal(toProblem(e), t).title)
    }
  }
  if (!agent) return <div className="rail-entry ghost-box" />
  return (
    <Popover trigger="click" placement="rightBottom" open={open} onOpenChange={setOpen} content={<States of={agent.status} choose={(s) => void choose(s)} />}>
      <Suspense>{agent.status !== 'offline' && <Alerts />}</Suspense>
      <button type="button" className="rail-entry" title={t('status.label', { load: agent.current_load, max: agent.max_load })}>
        <span className="load">
          <i className={'lamp ' + agent.status} />
          {agent.current_load}/{agent.max_load}
        </span>
        {t(`status.${agent.status}`)}
      </button>
    </Popover>
  )
}

function States({ of, choose }: { of: Status; choose: (status: Status) => void }) {
  const t = useText()
  return (
    <div className="states">
      {states.map((s) => (
        <button key={s} type="button" aria-pressed={s === of} onClick={() => choose(s)}>
          <i className={'lamp ' + s} />
          {t(`status.${s}`)}
        </button>
      ))}
      <Wish of="sound" />
      <Wish of="notification" />
    </div>
  )
}

/** Wish is whether one wants to be told in a way. */
function Wish({ of }: { of: keyof Wishes }) {
  const t = useText()
  const wanted = useStore(wishes)[of]
  const impossible = of === 'notification' && refused()
  return (
    <label>
      <input type="checkbox" checked={wanted && !impossible} disabled={impossible} onChange={(e) => void wish(of, e.target.checked)} />
      {t(`wish.${of}`)}
      {impossible && <small>{t('wish.refused')}</small>}
    </label>
  )
}
