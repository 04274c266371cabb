import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { toProblem } from '../../shared/api/problem.ts'
import { refusal } from '../../shared/text/refusal.ts'
import { client } from '../app.ts'
import { Dialog } from '../shell/dialog.tsx'
import { useText } from './text.ts'

/** useWatch begins to monitor a conversation, and asks for a reason where the tenant demands one. */
export function useWatch(id: string) {
  const t = useText()
  const { message } = App.useApp()
  const [asked, setAsked] = useState<{ then: () => void; reason: string }>()

  async function begin(then: () => void, reason?: string) {
    try {
      await client.post('/v1/conversations/{id}/monitor', { path: { id }, body: reason ? { reason } : {} })
      setAsked(undefined)
      then()
    } catch (e) {
      const problem = toProblem(e)
      if (problem.code === 'reason_required' && reason === undefined) setAsked({ then, reason: '' })
      else message.error(refusal(problem, t).title)
    }
  }
  const dialog = asked && (
    <Dialog title={t('watch.reason')} width={420} close={() => setAsked(undefined)}>
      <form
        className="stack"
        onSubmit={(e: FormEvent) => {
          e.preventDefault()
          void begin(asked.then, asked.reason)
        }}
      >
        <p className="quiet">{t('watch.reasonHelp')}</p>
        <Input aria-label={t('watch.reason')} value={asked.reason} maxLength={500} onChange={(e) => setAsked({ ...asked, reason: e.target.value })} required />
        <Button type="primary" htmlType="submit">
          {t('watch.begin')}
        </Button>
      </form>
    </Dialog>
  )
  return { begin, dialog }
}
