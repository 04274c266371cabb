import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { type Inside, insideOf } from '../../shared/api/visit.ts'
import { clock } from '../../shared/text/time.ts'
import { client, session } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { leave } from '../shell/draft.ts'
import { Refused } from '../shell/refused.tsx'
import './platform.css'
import { useLanguage, useText } from './text.ts'

const early = 60_000 // a further token is got so long before the end of the one at hand

/** Visiting says in which tenant one is, until when and why, and leads out of it. */
export function Visiting({ inside }: { inside: Inside }) {
  const t = useText()
  const language = useLanguage()
  const navigate = useNavigate()
  const deed = useDeed()
  const { tenant, visit } = inside
  useStay(inside)
  const back = () => void navigate({ to: '/platform/$tenant', params: { tenant: tenant.id }, ignoreBlocker: true })
  useEffect(() => session.listen(({ why }) => why === 'moved' && !session.inside && back()), [])
  const end = () =>
    deed.act(async () => {
      await client.post('/v1/platform/tenants/{id}/leave', { path: { id: tenant.id } })
      session.leave()
    })
  return (
    <div className="visiting" role="status">
      <span>{t('inside', { name: tenant.name, until: clock(visit.expires_at, language), reason: visit.reason })}</span>
      <b>{t(visit.write ? 'inside.writes' : 'inside.reads')}</b>
      <Refused error={deed.error} />
      <Button size="small" loading={deed.busy} onClick={() => leave(() => void end())}>
        {t('inside.leave')}
      </Button>
    </div>
  )
}

/** useStay gets a further token while the visit lasts longer than the one at hand, and leaves when it is over. */
function useStay({ tenant, visit }: Inside) {
  useEffect(() => {
    const timer = setInterval(() => {
      const { inside } = session
      if (!inside || inside.endsAt - early > Date.now()) return
      if (inside.endsAt <= Date.now()) session.leave()
      else if (Date.parse(visit.expires_at) > inside.endsAt + 1000) {
        client.post('/v1/platform/tenants/{id}/renew', { path: { id: tenant.id } }).then(
          (further) => session.prolong(insideOf(tenant, further)),
          () => undefined, // the next look tries again
        )
      }
    }, 5000)
    return () => clearInterval(timer)
  }, [tenant.id])
}
