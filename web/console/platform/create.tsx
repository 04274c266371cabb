import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { type FirstLink, LinkOnce } from './link.tsx'
import type { Tenant } from './tenants.tsx'
import { useText } from './text.ts'

/** The sets of built-in roles that a tenant may begin with. */
export const presets = ['it-desk', 'contact-center', 'business'] as const
export type Preset = (typeof presets)[number]

const here = Intl.DateTimeFormat().resolvedOptions().timeZone
const zones = Intl.supportedValuesOf('timeZone')

/** Create makes a tenant, and shows once the link with which its first administrator begins. */
export function Create({ close, made }: { close: () => void; made: (tenant: Tenant) => void }) {
  const t = useText()
  const deed = useDeed()
  const [slug, setSlug] = useState('')
  const [name, setName] = useState('')
  const [admin, setAdmin] = useState('admin')
  const [preset, setPreset] = useState<Preset>(presets[0])
  const [locale, setLocale] = useState<'zh-CN' | 'en'>('zh-CN')
  const [zone, setZone] = useState(here)
  const [link, setLink] = useState<FirstLink>()

  async function submit(e: FormEvent) {
    e.preventDefault()
    await deed.act(async () => {
      const done = await client.post('/v1/platform/tenants', { body: { slug, name, admin, preset, locale, time_zone: zone } })
      setLink(done)
      made(done.tenant)
    })
  }
  if (link) {
    return (
      <Dialog title={t('create')} close={close} once>
        <div className="stack">
          <LinkOnce of={link} />
          <div className="row-end">
            <Button type="primary" onClick={close}>
              {t('close')}
            </Button>
          </div>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title={t('create')} close={close}>
      <form className="stack" onSubmit={(e) => void submit(e)}>
        <label className="field">
          {t('tenant.slug')}
          <Input value={slug} onChange={(e) => setSlug(e.target.value)} required autoFocus maxLength={39} spellCheck={false} />
          <small>{t('create.slugHelp')}</small>
        </label>
        <label className="field">
          {t('tenant.name')}
          <Input value={name} onChange={(e) => setName(e.target.value)} required maxLength={128} />
        </label>
        <label className="field">
          {t('create.admin')}
          <Input value={admin} onChange={(e) => setAdmin(e.target.value)} required maxLength={64} spellCheck={false} />
        </label>
        <div className="thirds">
          <label className="field">
            {t('tenant.preset')}
            <select value={preset} onChange={(e) => setPreset(e.target.value as Preset)}>
              {presets.map((p) => (
                <option key={p} value={p}>
                  {t(`preset.${p}`)}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            {t('tenant.locale')}
            <select value={locale} onChange={(e) => setLocale(e.target.value as 'zh-CN' | 'en')}>
              <option value="zh-CN">简体中文</option>
              <option value="en">English</option>
            </select>
          </label>
          <label className="field">
            {t('tenant.timeZone')}
            <select value={zone} onChange={(e) => setZone(e.target.value)}>
              {(zones.includes(here) ? zones : [here, ...zones]).map((z) => (
                <option key={z}>{z}</option>
              ))}
            </select>
          </label>
        </div>
        <Refused error={deed.error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={deed.busy}>
            {t('create.make')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
