import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { Refused } from '../shell/refused.tsx'
import { Welcome } from '../shell/sign-in.tsx'
import { useText } from './text.ts'
import { secret } from './secret.ts'

/** LinkPage lets somebody choose a password with the link that an administrator made. */
export function LinkPage() {
  const t = useText()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [error, setError] = useState<unknown>()
  const [done, setDone] = useState<{ tenant: string; username: string }>()
  const differs = again !== '' && again !== password

  async function redeem(e: FormEvent) {
    e.preventDefault()
    try {
      setDone(await client.post('/v1/auth/links/redeem', { body: { link: secret, password } }))
      setError(undefined)
    } catch (e) {
      setError(e)
    }
  }
  if (done) {
    return (
      <Welcome>
        <h2>{t('link.done')}</h2>
        <p className="quiet">{t('link.who', done)}</p>
        <Button type="primary" size="large" block href={'/t/' + encodeURIComponent(done.tenant)}>
          {t('signIn.title')}
        </Button>
      </Welcome>
    )
  }
  return (
    <Welcome>
      <form className="stack" onSubmit={(e) => void redeem(e)}>
        <h2>{t('link.title')}</h2>
        <p className="quiet">{secret ? t('link.help') : t('link.none')}</p>
        <p className="quiet">{t('password.rule')}</p>
        <label className="field">
          {t('link.password')}
          <Input size="large" type="password" value={password} onChange={(e) => setPassword(e.target.value)} autoComplete="new-password" required autoFocus />
        </label>
        <label className="field">
          {t('password.again')}
          <Input size="large" type="password" value={again} onChange={(e) => setAgain(e.target.value)} autoComplete="new-password" required status={differs ? 'error' : ''} />
          {differs && <small className="bad">{t('password.differs')}</small>}
        </label>
        <Refused error={error} />
        <Button type="primary" size="large" htmlType="submit" block disabled={!secret || !password || password !== again}>
          {t('password.choose')}
        </Button>
      </form>
    </Welcome>
  )
}
