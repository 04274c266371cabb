import { useState } from 'react'
import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { usePages } from '../listing/pages.ts'
import { Lines } from './lines.tsx'
import { deviceOf } from '../me/device.ts'
import type { User } from './person.ts'
import { useLanguage, useText } from './text.ts'

type SignIn = components['schemas']['SignInJSON']

/** Only is what the lines are narrowed to. */
type Only = { new_device?: 'true'; burst?: 'true' }

/** SignIns are how somebody came in, or tried to. */
export function SignIns({ user }: { user: User }) {
  const t = useText()
  const [only, setOnly] = useState<Only>({})
  const read = (cursor: string) => client.get('/v1/users/{id}/sign-ins', { path: { id: user.id }, query: { ...only, limit: 20, cursor } })
  const found = usePages<SignIn>(['sign-ins', user.id, only], read)
  return (
    <section className="stack">
      <div className="entry-head">
        <h3>{t('users.signIns')}</h3>
        <select
          aria-label={t('users.signInsShown')}
          value={Object.keys(only)[0] ?? ''}
          onChange={(e) => setOnly(e.target.value ? { [e.target.value]: 'true' } : {})}
        >
          <option value="">{t('users.allSignIns')}</option>
          <option value="new_device">{t('users.onlyNewDevices')}</option>
          <option value="burst">{t('users.onlyBursts')}</option>
        </select>
      </div>
      <Lines label={t('users.signIns')} found={found} keyOf={(s) => s.id} none={t('users.noSignIns')}>
        {(s) => <SignInLine signIn={s} />}
      </Lines>
    </section>
  )
}

const looks = { success: 'chip resolved', failure: 'chip bad', challenged: 'chip plain' }

function SignInLine({ signIn: s }: { signIn: SignIn }) {
  const t = useText()
  const language = useLanguage()
  return (
    <>
      <div className="entry-head">
        <strong>{exact(s.time, language)}</strong>
        <i className={looks[s.outcome]}>{t(`users.${s.outcome}`)}</i>
        {s.new_device && <i className="chip queued">{t('users.newDevice')}</i>}
        {s.burst && <i className="chip bad">{t('users.burst')}</i>}
      </div>
      <small title={s.user_agent}>
        {[s.method, s.reason, s.tries > 1 && t('users.tries', { count: s.tries }), s.address, deviceOf(s.user_agent)].filter(Boolean).join(' · ')}
      </small>
    </>
  )
}
