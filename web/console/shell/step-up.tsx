import { Button, Input, type InputRef, Modal } from 'antd'
import { type FormEvent, useRef, useState } from 'react'
import { newClient } from '../../shared/api/client.ts'
import { session, useStore } from '../app.ts'
import { spoken, useText } from '../text.ts'
import { useFocusBack } from './dialog.tsx'
import { factorAsked } from './factor.ts'
import { Refused } from './refused.tsx'

const client = newClient(session, () => spoken.get().language) // asks for nothing itself

/** StepUp asks for the second factor where one is; what needed it goes on by itself then. */
export function StepUp() {
  const { answer } = useStore(factorAsked)
  return answer && <Asking answer={answer} /> // made anew each time: one that was there before would lie below the dialog that needs it
}

function Asking({ answer }: { answer: (shown: boolean) => void }) {
  const t = useText()
  const [code, setCode] = useState('')
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const field = useRef<InputRef>(null)
  useFocusBack()

  async function show(e: FormEvent) {
    e.preventDefault()
    setBusy(true)
    try {
      session.take(await client.post('/v1/auth/step-up', { body: { code: code.replace(/\s/g, '') } }))
      answer(true)
    } catch (e) {
      setError(e)
      setBusy(false)
      field.current?.select()
    }
  }
  return (
    <Modal open title={t('stepUp.title')} footer={null} width={400} onCancel={() => answer(false)} afterOpenChange={(open) => open && field.current?.focus()}>
      <form className="stack" onSubmit={(e) => void show(e)}>
        <p className="quiet">{t('stepUp.help')}</p>
        <label className="field">
          {t('signIn.code')}
          <Input ref={field} value={code} onChange={(e) => setCode(e.target.value)} autoComplete="one-time-code" size="large" />
        </label>
        <Refused error={error} />
        <div className="row-end">
          <Button onClick={() => answer(false)}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={busy} disabled={!code.trim()}>
            {t('signIn.next')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
