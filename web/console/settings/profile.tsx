import { useChange } from '../shell/change.ts'
import { type Naming, NamingFields } from './naming.tsx'
import { Saved } from './save.tsx'
import { changeTenant, type TenantSettings } from './tenant.ts'
import { useText } from './text.ts'

type Props = { settings: TenantSettings; again: () => Promise<unknown> }

/** Profile is who a tenant is. */
export function Profile({ settings: s, again }: Props) {
  const t = useText()
  const form = useChange<Naming>({ name: s.name, locale: s.locale, time_zone: s.time_zone })
  return (
    <Saved title={t('tenant.heading')} form={form} save={(sent) => changeTenant(s, sent)} again={again}>
      {(fixed) => (
        <>
          <dl>
            <dt>{t('tenant.slug')}</dt>
            <dd>
              <code>{s.slug}</code>
            </dd>
            <dt>{t('tenant.preset')}</dt>
            <dd>
              <code>{s.preset}</code>
            </dd>
          </dl>
          <NamingFields naming={form.now} put={form.put} disabled={fixed} />
        </>
      )}
    </Saved>
  )
}
