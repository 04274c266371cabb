import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { toProblem } from '../../shared/api/problem.ts'
import type { Owing } from '../../shared/api/session.ts'
import { client, session } from '../app.ts'
import { Refused } from '../shell/refused.tsx'
import { Welcome } from '../shell/sign-in.tsx'
import { SignOut } from '../shell/sign-out.tsx'
import { useText } from './text.ts'

/** PasswordPage asks whoever brought a password along for one of their own; before that the server does nothing else for them. */
export function PasswordPage({ owing }: { owing: Owing }) {
  const t = useText()
  const [asked, setAsked] = useState(!owing.password) // for the present one
  const [current, setCurrent] = useState(owing.password)
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const differs = again !== '' && again !== next

  async function change(e: FormEvent) {
    e.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      session.take(await client.post('/v1/auth/password', { body: { current, new: next } }))
    } catch (e) {
      if (toProblem(e).code === 'wrong_password') setAsked(true)
      setError(e)
      setBusy(false)
    }
  }
  return (
    <Welcome>
      <form className="stack" onSubmit={(e) => void change(e)}>
        <h2>{t('password.title')}</h2>
        <p className="quiet">{t('password.help')}</p>
        <p className="quiet">{t('password.rule')}</p>
        {asked && (
          <label className="field">
            {t('password.current')}
            <Input name="current" size="large" type="password" value={current} onChange={(e) => setCurrent(e.target.value)} autoComplete="current-password" required autoFocus />
          </label>
        )}
        <label className="field">
          {t('password.new')}
          <Input name="new" size="large" type="password" value={next} onChange={(e) => setNext(e.target.value)} autoComplete="new-password" required autoFocus={!asked} />
        </label>
        <label className="field">
          {t('password.again')}
          <Input name="again" size="large" type="password" value={again} onChange={(e) => setAgain(e.target.value)} autoComplete="new-password" required status={differs ? 'error' : ''} />
          {differs && <small className="bad">{t('password.differs')}</small>}
        </label>
        <Refused error={error} />
        <Button type="primary" size="large" htmlType="submit" block loading={busy} disabled={!current || !next || next !== again}>
          {t('password.choose')}
        </Button>
      </form>
      <SignOut />
    </Welcome>
  )
}
