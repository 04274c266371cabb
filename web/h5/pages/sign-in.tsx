import { useEffect, useRef, useState } from 'preact/hooks'
import { type Step, SignIn, startsOver } from '../../shared/api/sign-in.ts'
import { Problem, toProblem } from '../../shared/api/problem.ts'
import type { User } from '../../shared/api/session.ts'
import { client, session } from '../app.ts'
import { Menu } from '../parts/menu.tsx'
import { Refused } from '../parts/refused.tsx'
import { t } from '../text.ts'

const signIn = new SignIn(client, session)

type Props = { ended: boolean; of?: User; done?: () => void }

/**
 * SignInPage asks for the password, and for what the server asks for then. of is whom it waits for where somebody is signed
 * in already, and nobody else; done hears that it was them.
 */
export function SignInPage({ ended, of, done }: Props) {
  const [step, setStep] = useState<Step>({ name: 'password' })
  const [error, setError] = useState<unknown>(undefined)
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
    <main class="sign-in">
      <Menu />
      <h1>{t('brand')}</h1>
      {ended && step.name === 'password' && !error && (
        <p class="hint" role="status">
          {t('signIn.ended')}
        </p>
      )}
      {step.name === 'password' && (of ? <Again of={of} busy={busy} run={run} /> : <Password busy={busy} run={run} />)}
      {(step.name === 'code' || step.name === 'enrol') && <Code key={step.name} step={step} busy={busy} run={run} />}
      {step.name === 'keep-codes' && <Codes step={step} kept={() => setStep(signIn.kept(step.issued))} />}
      <Refused error={error} />
    </main>
  )
}

type Run = (next: () => Promise<Step>) => Promise<void>

function Password({ busy, run }: { busy: boolean; run: Run }) {
  const tenant = SignIn.tenant()
  const submit = (e: SubmitEvent) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget as HTMLFormElement)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    void run(() => signIn.password(text('tenant'), text('username'), String(form.get('password'))))
  }
  return (
    <form onSubmit={submit}>
      <label>
        {t('signIn.tenant')}
        <input name="tenant" defaultValue={tenant} autocomplete="organization" autocapitalize="none" spellcheck={false} aria-describedby="tenant-help" />
        <small id="tenant-help">{t('signIn.tenantHelp')}</small>
      </label>
      <label>
        {t('signIn.username')}
        <input name="username" required autocomplete="username" autocapitalize="none" spellcheck={false} />
      </label>
      <label>
        {t('signIn.password')}
        <input name="password" type="password" required autocomplete="current-password" />
      </label>
      <button class="main wide" disabled={busy}>
        {t('signIn.submit')}
      </button>
    </form>
  )
}

/** Again asks somebody who is known for their password. */
function Again({ of, busy, run }: { of: User; busy: boolean; run: Run }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = (e: SubmitEvent) => {
    e.preventDefault()
    void run(() => signIn.password(of.tenant.slug, of.username, field.current!.value))
  }
  return (
    <form onSubmit={submit}>
      <h2>{t('cover.title')}</h2>
      <p>{t('cover.help', { minutes: of.tenant.idle_minutes })}</p>
      <p>
        <strong>{of.name}</strong> {of.username} · {of.tenant.name}
      </p>
      <label>
        {t('signIn.password')}
        <input ref={field} name="password" type="password" required autocomplete="current-password" />
      </label>
      <button class="main wide" disabled={busy}>
        {t('signIn.next')}
      </button>
    </form>
  )
}

function Code({ step, busy, run }: { step: Extract<Step, { challenge: string }>; busy: boolean; run: Run }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = (e: SubmitEvent) => {
    e.preventDefault()
    void run(() => signIn.code(step.challenge, field.current!.value))
  }
  return (
    <form onSubmit={submit}>
      <h2>{step.name === 'enrol' ? t('signIn.enrolTitle') : t('signIn.codeTitle')}</h2>
      <p>{step.name === 'enrol' ? t('signIn.enrolHelp') : t('signIn.codeHelp')}</p>
      {step.name === 'enrol' && (
        <>
          <img class="qr" src={'data:image/png;base64,' + step.enrolment.png} alt={t('signIn.qr')} width="200" height="200" />
          <p class="secret">
            <small>{t('signIn.secret')}</small>
            <code>{step.enrolment.secret}</code>
          </p>
        </>
      )}
      <label>
        {t('signIn.code')}
        <input ref={field} name="code" required autocomplete="one-time-code" autocapitalize="none" inputMode={step.name === 'enrol' ? 'numeric' : 'text'} />
      </label>
      <button class="main wide" disabled={busy}>
        {t('signIn.next')}
      </button>
    </form>
  )
}

function Codes({ step, kept }: { step: Extract<Step, { name: 'keep-codes' }>; kept: () => void }) {
  return (
    <section>
      <h2>{t('signIn.codesTitle')}</h2>
      <p>{t('signIn.codesHelp')}</p>
      <ul class="codes">
        {step.issued.recovery_codes?.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button type="button" class="main wide" onClick={kept}>
        {t('signIn.codesKept')}
      </button>
    </section>
  )
}
