import { App, Button, Input, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import { toProblem } from '../../shared/api/problem.ts'
import { type Conversation, over } from '../../shared/desk/desk.ts'
import type { Thread } from '../../shared/desk/thread.ts'
import { refusal } from '../../shared/text/refusal.ts'
import { client, session } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { useText } from './text.ts'

/** own is one's own supervision of a conversation. */
function own(c: Conversation) {
  return c.supervisors?.find((s) => s.user.id === session.user?.id)
}

export function supervises(c: Conversation): boolean {
  return own(c) !== undefined
}

/** Supervision begins and ends watching, and says as what one is there: everybody should know who hears them. */
export function Supervision({ conversation: c, thread }: { conversation: Conversation; thread: Thread }) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const [reason, setReason] = useState<string>()
  const mine = own(c)
  const elsewhere = c.assignee !== null && c.assignee.id !== session.user?.id

  async function change(f: () => Promise<unknown>) {
    try {
      await f()
      setReason(undefined)
      await thread.read()
    } catch (e) {
      const problem = toProblem(e)
      if (problem.code === 'reason_required' && reason === undefined) setReason('')
      else message.error(refusal(problem, t).title)
    }
  }
  const begin = () => change(() => client.post('/v1/conversations/{id}/monitor', { path: { id: c.id }, body: reason ? { reason } : {} }))

  if (mine) {
    return (
      <div className={'supervision ' + mine.mode} role="status">
        <span>{t(`watch.${mine.mode}`)}</span>
        <Button size="small" onClick={() => void change(() => client.delete('/v1/conversations/{id}/monitor', { path: { id: c.id } }))}>
          {t('watch.end')}
        </Button>
      </div>
    )
  }
  if (!elsewhere || over(c.state) || !may('conversation:monitor')) return null
  return (
    <>
      <div className="supervision-begin">
        <Button onClick={() => void begin()}>{t('watch.begin')}</Button>
      </div>
      <Modal open={reason !== undefined} title={t('watch.reason')} footer={null} onCancel={() => setReason(undefined)} width={420}>
        <form
          className="stack"
          onSubmit={(e: FormEvent) => {
            e.preventDefault()
            void begin()
          }}
        >
          <p className="quiet">{t('watch.reasonHelp')}</p>
          <Input aria-label={t('watch.reason')} value={reason ?? ''} maxLength={500} onChange={(e) => setReason(e.target.value)} required />
          <Button type="primary" htmlType="submit">
            {t('watch.begin')}
          </Button>
        </form>
      </Modal>
    </>
  )
}
