import { App, Button, Dropdown } from 'antd'
import { useState } from 'react'
import { toProblem } from '../../shared/api/problem.ts'
import { type Conversation, over } from '../../shared/desk/desk.ts'
import type { Thread } from '../../shared/desk/thread.ts'
import { refusal } from '../../shared/text/refusal.ts'
import { client, session } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { readOwnAgent } from '../shell/presence.tsx'
import { type Text, useText } from './text.ts'
import { inbox } from './inbox.ts'
import { useKeys } from './keys.tsx'
import { Transfer } from './transfer.tsx'

type Deed = 'take' | 'hold' | 'resume' | 'park' | 'resolve' | 'reopen'
type Props = { conversation: Conversation; thread: Thread; next: () => void; took: () => void }

/** mayDo are the deeds that the state allows, and that one may probably do; the server decides all the same. */
function mayDo(c: Conversation, may: ReturnType<typeof useMay>): Set<Deed | 'transfer'> {
  const mine = c.assignee?.id === session.user?.id || may('conversation:update:department')
  const deeds = new Set<Deed | 'transfer'>()
  if (c.state === 'queued' && may('conversation:take')) deeds.add('take')
  if (mine && may('conversation:update')) {
    if (c.state === 'active') deeds.add('hold').add('park')
    if (c.state === 'on_hold' || c.state === 'parked') deeds.add('resume')
    if (!over(c.state) && c.state !== 'queued') deeds.add('resolve')
    if (c.state === 'resolved') deeds.add('reopen')
  }
  if (mine && !over(c.state) && may('conversation:transfer')) deeds.add('transfer')
  return deeds
}

/** Deeds are the buttons of a conversation, and their shortcuts. */
export function Deeds({ conversation: c, thread, next, took }: Props) {
  const t = useText()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const [transferring, setTransferring] = useState(false)
  const may = mayDo(c, useMay())

  async function act(deed: Deed, then?: () => void) {
    if (!may.has(deed) || busy) return
    setBusy(true)
    try {
      const path = `/v1/conversations/{id}/${deed}` as '/v1/conversations/{id}/take'
      const changed = await client.post(path, { path: { id: c.id }, version: c.version, ...(deed === 'park' ? { body: {} as never } : {}) })
      thread.update(changed)
      inbox.take(changed)
      void thread.read()
      void readOwnAgent()
      message.success(t('do.done', { deed: t(`do.${deed}`) }))
      if (deed === 'take') took()
      then?.()
    } catch (e) {
      const { title, detail } = refusal(toProblem(e), t)
      message.error(detail ? `${title} ${detail}` : title)
      void thread.read()
    } finally {
      setBusy(false)
    }
  }
  useKeys({
    'Alt+KeyE': () => void act('resolve'),
    'Ctrl+Alt+KeyE': () => void act('resolve', next),
    'Alt+KeyH': () => void act(may.has('hold') ? 'hold' : 'resume'),
    'Alt+KeyT': () => may.has('transfer') && setTransferring(true),
  })

  const extra = (['hold', 'park', 'resume', 'reopen'] as Deed[]).filter((d) => may.has(d))
  const label = (d: Deed | 'resolveNext') => t(`do.${d}` as Text)
  return (
    <div className="deeds">
      {may.has('take') && (
        <Button type="primary" loading={busy} onClick={() => void act('take')}>
          {label('take')}
        </Button>
      )}
      {may.has('transfer') && <Button onClick={() => setTransferring(true)}>{t('do.transfer')}</Button>}
      {extra.map((d) => (
        <Button key={d} onClick={() => void act(d)}>
          {label(d)}
        </Button>
      ))}
      {may.has('resolve') && (
        <>
          <Button type="primary" loading={busy} onClick={() => void act('resolve')}>
            {label('resolve')}
          </Button>
          <Dropdown trigger={['click']} menu={{ items: [{ key: 'next', label: label('resolveNext') }], onClick: () => void act('resolve', next) }}>
            <Button type="primary" aria-label={t('do.more')} className="split">
              ▾
            </Button>
          </Dropdown>
        </>
      )}
      {transferring && (
        <Transfer
          conversation={c}
          close={() => setTransferring(false)}
          done={(changed) => {
            setTransferring(false)
            inbox.take(changed)
            void thread.read()
            void readOwnAgent()
            message.success(t('do.done', { deed: t('do.transfer') }))
          }}
        />
      )}
    </div>
  )
}
