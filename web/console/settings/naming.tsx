import { Input } from 'antd'
import { useText } from './text.ts'

/** Naming is what a tenant is called, and in which language and time it lives. */
export type Naming = { name: string; locale: 'zh-CN' | 'en'; time_zone: string }

const zones = Intl.supportedValuesOf('timeZone')

type Props = { naming: Naming; put: (part: Partial<Naming>) => void; disabled?: boolean }

/** NamingFields ask for it. The time zone that is chosen may be one that this browser does not know. */
export function NamingFields({ naming: { name, locale, time_zone }, put, disabled = false }: Props) {
  const t = useText()
  return (
    <>
      <label className="field">
        {t('tenant.name')}
        <Input value={name} onChange={(e) => put({ name: e.target.value })} required maxLength={128} disabled={disabled} />
      </label>
      <label className="field">
        {t('tenant.locale')}
        <select value={locale} onChange={(e) => put({ locale: e.target.value as Naming['locale'] })} disabled={disabled}>
          <option value="zh-CN">简体中文</option>
          <option value="en">English</option>
        </select>
      </label>
      <label className="field">
        {t('tenant.zone')}
        <select value={time_zone} onChange={(e) => put({ time_zone: e.target.value })} disabled={disabled}>
          {(zones.includes(time_zone) ? zones : [time_zone, ...zones]).map((z) => (
            <option key={z}>{z}</option>
          ))}
        </select>
        <small>{t('tenant.zoneHelp')}</small>
      </label>
    </>
  )
}
