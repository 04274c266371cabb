import { useEffect, useRef, useState } from 'preact/hooks'
import { toProblem } from '../../shared/api/problem.ts'
import type { Owing } from '../../shared/api/session.ts'
import { client, session } from '../app.ts'
import { Menu } from '../parts/menu.tsx'
import { Refused } from '../parts/refused.tsx'
import { t } from '../text.ts'

/** PasswordPage asks whoever brought a password along for one of their own; before that the server does nothing else for them. */
export function PasswordPage({ owing }: { owing: Owing }) {
  const form = useRef<HTMLFormElement>(null)
  const [asked, setAsked] = useState(!owing.password) // for the present one
  const [differs, setDiffers] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  useEffect(() => form.current!.querySelector('input')!.focus(), [asked])

  const typed = (name: string) => String(new FormData(form.current!).get(name) ?? '')
  const compare = () => setDiffers(typed('again') !== '' && typed('again') !== typed('new'))
  async function change(e: SubmitEvent) {
    e.preventDefault()
    if (typed('again') !== typed('new')) return setDiffers(true)
    setBusy(true)
    setError(undefined)
    try {
      session.take(await client.post('/v1/auth/password', { body: { current: asked ? typed('current') : owing.password, new: typed('new') } }))
    } catch (e) {
      if (toProblem(e).code === 'wrong_password') setAsked(true)
      setError(e)
      setBusy(false)
    }
  }
  return (
    <main class="sign-in">
      <Menu />
      <h1>{t('brand')}</h1>
      <form ref={form} onSubmit={(e) => void change(e)} onInput={compare}>
        <h2>{t('password.title')}</h2>
        <p>{t('password.help')}</p>
        <p>{t('password.rule')}</p>
        {asked && (
          <label>
            {t('password.current')}
            <input name="current" type="password" required autocomplete="current-password" />
          </label>
        )}
        <label>
          {t('password.new')}
          <input name="new" type="password" required autocomplete="new-password" />
        </label>
        <label>
          {t('password.again')}
          <input name="again" type="password" required autocomplete="new-password" aria-invalid={differs} />
          <small role="status">
            {differs && t('password.differs')}
          </small>
        </label>
        <button class="main wide" disabled={busy}>
          {t('password.choose')}
        </button>
      </form>
      <Refused error={error} />
    </main>
  )
}
