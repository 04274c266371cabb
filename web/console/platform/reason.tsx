import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import type { Tenant } from './tenants.tsx'
import { useText } from './text.ts'

type Props = { tenant: Tenant; deed: 'suspend' | 'resume'; close: () => void; done: () => void }

/** Reason asks why a tenant is suspended or may work again, and does it. */
export function Reason({ tenant, deed: what, close, done }: Props) {
  const t = useText()
  const deed = useDeed()
  const [reason, setReason] = useState('')
  async function submit(e: FormEvent) {
    e.preventDefault()
    if (await deed.act(() => client.post(`/v1/platform/tenants/{id}/${what}`, { path: { id: tenant.id }, body: { reason } }))) done()
  }
  return (
    <Dialog title={`${t(what)}: ${tenant.name}`} width={460} close={close}>
      <form className="stack" onSubmit={(e) => void submit(e)}>
        <p className="quiet">{t(`why.${what}`)}</p>
        <label className="field">
          {t('reason')}
          <Input value={reason} onChange={(e) => setReason(e.target.value)} maxLength={500} required autoFocus />
          <small>{t('reason.help')}</small>
        </label>
        <Refused error={deed.error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" danger={what === 'suspend'} htmlType="submit" loading={deed.busy} disabled={!reason.trim()}>
            {t(what)}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
