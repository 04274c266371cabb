import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { insideOf } from '../../shared/api/visit.ts'
import { client, session } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { noteVisit } from './left.ts'
import type { Tenant } from './tenants.tsx'
import { useText } from './text.ts'

/** Enter asks why, for how long and whether for more than looking, and enters a tenant on both records. */
export function Enter({ tenant, close }: { tenant: Tenant; close: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  const deed = useDeed()
  const [reason, setReason] = useState('')
  const [minutes, setMinutes] = useState('')
  const [write, setWrite] = useState(false)
  const limit = useQuery({ queryKey: ['visit-limit'], queryFn: () => client.get('/v1/platform/settings'), refetchOnWindowFocus: false }).data?.visit_minutes
  async function submit(e: FormEvent) {
    e.preventDefault()
    await deed.act(async () => {
      const entered = await client.post('/v1/platform/tenants/{id}/enter', { path: { id: tenant.id }, body: { reason, write, ...(minutes ? { minutes: Number(minutes) } : {}) } })
      const inside = insideOf(tenant, entered)
      session.enter(inside)
      noteVisit(inside)
      await navigate({ to: '/', ignoreBlocker: true })
    })
  }
  return (
    <Dialog title={t('enter.title', { name: tenant.name })} width={460} close={close}>
      <form className="stack" onSubmit={(e) => void submit(e)}>
        <label className="field">
          {t('reason')}
          <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={500} required autoFocus />
          <small>{t('reason.help')}</small>
        </label>
        <label className="field">
          {t('enter.minutes')}
          <Input type="number" min={1} max={limit ?? 480} value={minutes} placeholder={limit ? String(limit) : ''} onChange={(e) => setMinutes(e.target.value)} />
          {limit && <small>{t('enter.minutesHelp', { most: limit })}</small>}
        </label>
        <label>
          <input type="checkbox" checked={write} onChange={(e) => setWrite(e.target.checked)} /> {t('enter.write')}
        </label>
        <Refused error={deed.error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={deed.busy} disabled={!reason.trim()}>
            {t('enter')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
