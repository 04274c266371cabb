import { Button, Input } from 'antd'
import { type FormEvent, useEffect, useState } from 'react'
import type { Step } from '../../shared/api/sign-in.ts'
import { client, session } from '../app.ts'
import { Refused } from '../shell/refused.tsx'
import { signIn, SignInPage, Welcome } from '../shell/sign-in.tsx'
import { useLanguage, useText } from './text.ts'
import { secret } from './secret.ts'

/** SetUpPage makes the first tenant and its administrator, who enrols a second factor right away. */
export function SetUpPage() {
  const t = useText()
  const locale = useLanguage()
  const [slug, setSlug] = useState('')
  const [name, setName] = useState('')
  const [username, setUsername] = useState('admin')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<unknown>()
  const [step, setStep] = useState<Step>()
  useEffect(() => session.listen(({ user }) => user && location.replace('/')), [])

  async function make(e: FormEvent) {
    e.preventDefault()
    try {
      const made = await client.post('/v1/setup', { body: { secret, tenant: slug, username, password, locale, ...(name ? { name } : {}) } })
      setStep(await signIn.enrol(made.challenge))
    } catch (e) {
      setError(e)
    }
  }
  if (step) return <SignInPage first={step} />
  return (
    <Welcome>
      <form className="stack" onSubmit={(e) => void make(e)}>
        <h2>{t('setup.title')}</h2>
        <p className="quiet">{secret ? t('setup.help') : t('setup.none')}</p>
        <label className="field">
          {t('setup.slug')}
          <Input value={slug} onChange={(e) => setSlug(e.target.value)} required autoFocus spellCheck={false} />
        </label>
        <label className="field">
          {t('setup.name')}
          <Input value={name} onChange={(e) => setName(e.target.value)} />
        </label>
        <label className="field">
          {t('signIn.username')}
          <Input value={username} onChange={(e) => setUsername(e.target.value)} required autoComplete="username" spellCheck={false} />
        </label>
        <label className="field">
          {t('link.password')}
          <Input type="password" value={password} onChange={(e) => setPassword(e.target.value)} required autoComplete="new-password" />
        </label>
        <Refused error={error} />
        <Button type="primary" size="large" htmlType="submit" block disabled={!secret}>
          {t('signIn.next')}
        </Button>
      </form>
    </Welcome>
  )
}
