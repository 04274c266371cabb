import { App, Button } from 'antd'
import { toProblem } from '../../shared/api/problem.ts'
import { type Conversation, over } from '../../shared/desk/desk.ts'
import type { Thread } from '../../shared/desk/thread.ts'
import { refusal } from '../../shared/text/refusal.ts'
import { client, session } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { useText } from './text.ts'
import { useWatch } from './watch.tsx'

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
  const { begin, dialog } = useWatch(c.id)
  const mine = own(c)
  const elsewhere = c.assignee !== null && c.assignee.id !== session.user?.id

  async function end() {
    try {
      await client.delete('/v1/conversations/{id}/monitor', { path: { id: c.id } })
      await thread.read()
    } catch (e) {
      message.error(refusal(toProblem(e), t).title)
    }
  }
  if (mine) {
    return (
      <div className={'supervision ' + mine.mode} role="status">
        <span>{t(`watch.${mine.mode}`)}</span>
        <Button size="small" onClick={() => void end()}>
          {t('watch.end')}
        </Button>
      </div>
    )
  }
  if (!elsewhere || over(c.state) || !may('conversation:monitor')) return null
  return (
    <div className="supervision-begin">
      <Button onClick={() => void begin(() => void thread.read())}>{t('watch.begin')}</Button>
      {dialog}
    </div>
  )
}
