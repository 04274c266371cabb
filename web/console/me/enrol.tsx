import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client, session } from '../app.ts'
import type { components } from '../../shared/api/schema.d.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

/** Enrol sets up a second factor: the password, then the QR code, then its first code. What was in force stays so meanwhile. */
export function Enrol({ close, done }: { close: () => void; done: (codes: string[]) => void }) {
  const t = useText()
  const { busy, error, act } = useDeed()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [shown, setShown] = useState<components['schemas']['EnrolmentJSON']>()

  async function next(e: FormEvent) {
    e.preventDefault()
    await act(async () => {
      if (!shown) return setShown(await client.post('/v1/me/second-factor/enrol', { body: { password } }))
      const issued = await client.post('/v1/me/second-factor/confirm', { body: { code: code.replace(/\s/g, '') } })
      session.take(issued)
      done(issued.recovery_codes ?? [])
    })
  }
  return (
    <Dialog title={t('factor.enrol')} width={420} close={close}>
      <form className="stack" onSubmit={(e) => void next(e)}>
        <p className="quiet">{t(shown ? 'factor.scan' : 'factor.passwordFirst')}</p>
        {shown ? (
          <>
            <div className="enrolment">
              <img src={'data:image/png;base64,' + shown.png} alt={t('signIn.qr')} width={200} height={200} />
              <small>{t('signIn.secret')}</small>
              <code>{shown.secret}</code>
            </div>
            <label key="code" className="field">
              {t('signIn.code')}
              <Input value={code} onChange={(e) => setCode(e.target.value)} autoComplete="one-time-code" inputMode="numeric" required autoFocus />
            </label>
          </>
        ) : (
          <label key="password" className="field">
            {t('password.current')}
            <Input type="password" value={password} onChange={(e) => setPassword(e.target.value)} autoComplete="current-password" required autoFocus />
          </label>
        )}
        <Refused error={error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={busy} disabled={shown ? !code.trim() : !password}>
            {t(shown ? 'factor.confirm' : 'signIn.next')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
