import { Input } from 'antd'
import { useChange } from '../shell/change.ts'
import { Saved } from './save.tsx'
import { changeTenant, type TenantSettings } from './tenant.ts'
import { useText } from './text.ts'

type Props = { settings: TenantSettings; again: () => Promise<unknown> }

/** Profile is what a tenant is called, and in which language and time it lives. */
export function Profile({ settings: s, again }: Props) {
  const t = useText()
  const { now, put, undo, sent, changed } = useChange({ name: s.name, locale: s.locale, time_zone: s.time_zone })
  const zones = Intl.supportedValuesOf('timeZone')
  return (
    <Saved title={t('tenant.heading')} changed={changed} undo={undo} send={() => changeTenant(s, sent)} again={again}>
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
          <label className="field">
            {t('tenant.name')}
            <Input value={now.name} onChange={(e) => put({ name: e.target.value })} required maxLength={128} disabled={fixed} />
          </label>
          <label className="field">
            {t('tenant.locale')}
            <select value={now.locale} onChange={(e) => put({ locale: e.target.value as 'zh-CN' })} disabled={fixed}>
              <option value="zh-CN">简体中文</option>
              <option value="en">English</option>
            </select>
          </label>
          <label className="field">
            {t('tenant.zone')}
            <select value={now.time_zone} onChange={(e) => put({ time_zone: e.target.value })} disabled={fixed}>
              {[...(zones.includes(s.time_zone) ? [] : [s.time_zone]), ...zones].map((z) => (
                <option key={z}>{z}</option>
              ))}
            </select>
            <small>{t('tenant.zoneHelp')}</small>
          </label>
        </>
      )}
    </Saved>
  )
}
