import { Segmented } from 'antd'
import { useState } from 'react'
import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { type Column, Listing } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { Card } from '../shell/card.tsx'
import { useLanguage } from '../text.ts'
import { deviceOf } from './device.ts'
import { useText } from './text.ts'

type SignIn = components['schemas']['SignInJSON']
const kinds = ['all', 'newDevice', 'burst'] as const

/** SignIns are the attempts to sign in as oneself, the newest first. */
export function SignIns() {
  const t = useText()
  const language = useLanguage()
  const [kind, setKind] = useState<(typeof kinds)[number]>('all')
  const only = kind === 'newDevice' ? { new_device: 'true' as const } : kind === 'burst' ? { burst: 'true' as const } : {}
  const found = usePages<SignIn>(['own-sign-ins', kind], (cursor) => client.get('/v1/me/sign-ins', { query: { limit: 20, cursor, ...only } }))
  const options = kinds.map((k) => ({ value: k, label: t(`signIns.${k}`) }))
  const columns: Column<SignIn>[] = [
    { text: t('signIns.time'), of: (s) => exact(s.time, language) },
    { text: t('signIns.outcome'), of: (s) => <Outcome of={s} /> },
    { text: t('signIns.how'), of: (s) => t(`method.${s.method as 'totp'}`) },
    { text: t('sessions.device'), of: (s) => <span title={s.user_agent}>{deviceOf(s.user_agent)}</span> },
    { text: t('sessions.address'), of: (s) => s.address },
  ]
  return (
    <Card
      wide
      title={t('signIns.heading')}
      more={<Segmented aria-label={t('signIns.heading')} value={kind} options={options} onChange={setKind} />}
    >
      <Listing label={t('signIns.heading')} columns={columns} found={found} keyOf={(s) => s.id} none={t('signIns.none')} />
    </Card>
  )
}

function Outcome({ of: s }: { of: SignIn }) {
  const t = useText()
  const look = { success: 'resolved', failure: 'bad', challenged: 'plain' }[s.outcome]
  return (
    <>
      <i className={'chip ' + look}>{t(`outcome.${s.outcome}`)}</i> {s.tries > 1 && t('signIns.tries', { count: s.tries })}{' '}
      {s.new_device && <i className="chip queued">{t('signIns.newDevice')}</i>} {s.burst && <i className="chip bad">{t('signIns.burst')}</i>}{' '}
      {s.outcome === 'failure' && <code className="quiet">{s.reason}</code>}
    </>
  )
}
