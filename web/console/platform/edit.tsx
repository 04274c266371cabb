import { App, Button } from 'antd'
import type { FormEvent } from 'react'
import { client, queries } from '../app.ts'
import { type Naming, NamingFields } from '../settings/naming.tsx'
import { meant, useChange } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import type { Tenant } from './tenants.tsx'
import { useText } from './text.ts'

type Props = { tenant: Tenant; close: () => void; done: () => void }

/** Edit changes what a tenant is called, and in which language and time it lives. */
export function Edit({ tenant: x, close, done }: Props) {
  const t = useText()
  const { message } = App.useApp()
  const deed = useDeed()
  const { now, put, sent, changed } = useChange<Naming>({ name: x.name, locale: x.locale, time_zone: x.time_zone })
  const again = () => queries.refetchQueries({ queryKey: ['tenant', x.id] })

  async function save(e: FormEvent) {
    e.preventDefault()
    if (!changed) return close()
    const made = await deed.act(() => meant(client.patch('/v1/platform/tenants/{id}', { path: { id: x.id }, version: x.version, body: sent }), again))
    if (!made) return
    message.success(t('edit.saved'))
    done()
  }
  return (
    <Dialog title={t('edit.of', { name: x.name })} width={460} close={close}>
      <form className="stack" onSubmit={(e) => void save(e)}>
        <NamingFields naming={now} put={put} />
        <Refused error={deed.error} kept />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={deed.busy}>
            {t('edit.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
