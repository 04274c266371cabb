import { Button, Input } from 'antd'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { Problem, toProblem } from '../../shared/api/problem.ts'
import { type Step, SignIn, startsOver } from '../../shared/api/sign-in.ts'
import type { User } from '../../shared/api/session.ts'
import { client, session } from '../app.ts'
import { useText } from '../text.ts'
import { Choices } from './choices.tsx'
import { Refused } from './refused.tsx'
import { SignOut } from './sign-out.tsx'

export const signIn = new SignIn(client, session)

type Props = { notice?: string | undefined; first?: Step; of?: User; done?: () => void }

/**
 * SignInPage asks for the password, and then for what the server asks for. of is whom it waits for where somebody is signed
 * in already, and nobody else; done hears that it was them.
 */
export function SignInPage({ notice, first, of, done }: Props) {
  const t = useText()
  const [step, setStep] = useState<Step>(first ?? { name: 'password' })
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  useEffect(() => {
    if (step.name === 'done') done?.()
  }, [step])

  async function run(next: () => Promise<Step>) {
    setBusy(true)
    setError(undefined)
    try {
      setStep(await next())
    } catch (e) {
      if (startsOver(toProblem(e))) {
        setStep({ name: 'password' })
        setError(new Problem(401, { title: t('signIn.again'), code: 'bad_challenge' }))
      } else setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Welcome>
      {notice && step.name === 'password' && !error && (
        <p className="hint" role="status">
          {notice}
        </p>
      )}
      {step.name === 'password' && (of ? <Again of={of} busy={busy} run={run} /> : <Password busy={busy} run={run} />)}
      {(step.name === 'code' || step.name === 'enrol') && <Code key={step.name} step={step} busy={busy} run={run} again={() => setStep({ name: 'password' })} />}
      {step.name === 'keep-codes' && <Codes codes={step.issued.recovery_codes ?? []} kept={() => setStep(signIn.kept(step.issued))} />}
      <Refused error={error} />
      {of && <SignOut />}
    </Welcome>
  )
}

/** Welcome is the frame of what is shown before anybody is signed in. */
export function Welcome({ children }: { children: ReactNode }) {
  const t = useText()
  return (
    <div className="welcome">
      <div className="welcome-choices">
        <Choices />
      </div>
      <main className="welcome-card">
        <h1>
          <Mark />
          {t('brand')}
        </h1>
        {children}
      </main>
      <p className="welcome-line">{t('brand.line')}</p>
    </div>
  )
}

export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#1f5fd1" />
      <path d="M9 8v9a7 7 0 0 0 14 0V8" fill="none" stroke="#fff" strokeWidth="4" strokeLinecap="round" />
      <circle cx="16" cy="27" r="1.6" fill="#fff" />
    </svg>
  )
}

type Run = (next: () => Promise<Step>) => Promise<void>

function Password({ busy, run }: { busy: boolean; run: Run }) {
  const t = useText()
  const [tenant, setTenant] = useState(SignIn.tenant())
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const submit = (e: FormEvent) => {
    e.preventDefault()
    void run(() => signIn.password(tenant.trim(), username.trim(), password))
  }
  return (
    <form className="stack" onSubmit={submit}>
      <label className="field">
        {t('signIn.tenant')}
        <Input name="tenant" size="large" value={tenant} onChange={(e) => setTenant(e.target.value)} autoComplete="organization" spellCheck={false} autoFocus={!tenant} aria-describedby="tenant-help" />
        <small id="tenant-help">{t('signIn.tenantHelp')}</small>
      </label>
      <label className="field">
        {t('signIn.username')}
        <Input name="username" size="large" value={username} onChange={(e) => setUsername(e.target.value)} required autoComplete="username" spellCheck={false} autoFocus={tenant !== ''} />
      </label>
      <label className="field">
        {t('signIn.password')}
        <Input name="password" type="password" size="large" value={password} onChange={(e) => setPassword(e.target.value)} required autoComplete="current-password" />
      </label>
      <Button type="primary" size="large" htmlType="submit" block loading={busy}>
        {t('signIn.submit')}
      </Button>
    </form>
  )
}

/** Again asks somebody who is known for their password. */
function Again({ of, busy, run }: { of: User; busy: boolean; run: Run }) {
  const t = useText()
  const [password, setPassword] = useState('')
  const submit = (e: FormEvent) => {
    e.preventDefault()
    void run(() => signIn.password(of.tenant.slug, of.username, password))
  }
  return (
    <form className="stack" onSubmit={submit}>
      <h2>{t('cover.title')}</h2>
      <p className="quiet">{t('cover.help', { minutes: of.tenant.idle_minutes })}</p>
      <p>
        <strong>{of.name}</strong> <span className="quiet">{of.username} · {of.tenant.name}</span>
      </p>
      <label className="field">
        {t('signIn.password')}
        <Input type="password" size="large" value={password} onChange={(e) => setPassword(e.target.value)} required autoComplete="current-password" />
      </label>
      <Button type="primary" size="large" htmlType="submit" block loading={busy}>
        {t('signIn.next')}
      </Button>
    </form>
  )
}

type CodeProps = { step: Extract<Step, { challenge: string }>; busy: boolean; run: Run; again: () => void }

function Code({ step, busy, run, again }: CodeProps) {
  const t = useText()
  const [code, setCode] = useState('')
  const submit = (e: FormEvent) => {
    e.preventDefault()
    void run(() => signIn.code(step.challenge, code))
  }
  return (
    <form className="stack" onSubmit={submit}>
      <h2>{step.name === 'enrol' ? t('signIn.enrolTitle') : t('signIn.codeTitle')}</h2>
      <p className="quiet">{step.name === 'enrol' ? t('signIn.enrolHelp') : t('signIn.codeHelp')}</p>
      {step.name === 'enrol' && (
        <div className="enrolment">
          <img src={'data:image/png;base64,' + step.enrolment.png} alt={t('signIn.qr')} width={200} height={200} />
          <small>{t('signIn.secret')}</small>
          <code>{step.enrolment.secret}</code>
        </div>
      )}
      <label className="field">
        {t('signIn.code')}
        <Input name="code" size="large" value={code} onChange={(e) => setCode(e.target.value)} required autoComplete="one-time-code" autoFocus />
      </label>
      <Button type="primary" size="large" htmlType="submit" block loading={busy}>
        {t('signIn.next')}
      </Button>
      <Button type="text" block onClick={again}>
        {t('signIn.back')}
      </Button>
    </form>
  )
}

/** Codes shows recovery codes, once. */
export function Codes({ codes, kept }: { codes: string[]; kept: () => void }) {
  const t = useText()
  return (
    <section className="stack">
      <h2>{t('signIn.codesTitle')}</h2>
      <p className="quiet">{t('signIn.codesHelp')}</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button type="primary" size="large" block onClick={kept}>
        {t('signIn.codesKept')}
      </Button>
    </section>
  )
}
