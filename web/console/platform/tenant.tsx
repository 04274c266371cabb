import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client, useStore } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { presets, type Preset } from './create.tsx'
import { Edit } from './edit.tsx'
import { Enter } from './enter.tsx'
import { left } from './left.ts'
import { type FirstLink, LinkOnce } from './link.tsx'
import { Reason } from './reason.tsx'
import { Status } from './tenants.tsx'
import { useLanguage, useText } from './text.ts'

type Asking = 'edit' | 'enter' | 'suspend' | 'resume'

/** TenantPanel is one tenant: its figures, and what the platform may do with it. */
export function TenantPanel({ id, close, changed }: { id: string; close: () => void; changed: () => void }) {
  const t = useText()
  const language = useLanguage()
  const may = useMay()
  const { data: x, error, refetch } = useQuery({ queryKey: ['tenant', id], queryFn: () => client.get('/v1/platform/tenants/{id}', { path: { id } }), refetchOnWindowFocus: false })
  const [asking, setAsking] = useState<Asking>()
  const [link, setLink] = useState<FirstLink>()
  const deed = useDeed()
  const wasLeft = useStore(left).tenant === id

  const done = () => {
    setAsking(undefined)
    void refetch()
    changed()
  }
  const pairs = x && [
    [t('tenant.status'), <Status of={x.status} />],
    [t('tenant.slug'), <code>{x.slug}</code>],
    [t('tenant.users'), t('tenant.usersOf', { active: x.figures.active_users, users: x.figures.users })],
    [t('tenant.sessions'), x.figures.sessions],
    [t('tenant.lastSignIn'), x.figures.last_sign_in_at ? exact(x.figures.last_sign_in_at, language) : t('tenant.never')],
    [t('tenant.preset'), presets.find((p) => p === x.preset) ? t(`preset.${x.preset as Preset}`) : x.preset],
    [t('tenant.locale'), x.locale === 'en' ? 'English' : '简体中文'],
    [t('tenant.timeZone'), x.time_zone],
    [t('tenant.created'), exact(x.created_at, language)],
  ] as const
  return (
    <Panel label={t('tenant')} title={x?.name ?? t('tenant')} close={close}>
      <Refused error={error ?? deed.error} {...(error ? { again: () => void refetch() } : {})} />
      {wasLeft && (
        <p className="hint" role="status">
          {t('left')}
        </p>
      )}
      {!x && !error && <div className="ghost-box" aria-busy="true" />}
      {x && (
        <>
          <dl>
            {pairs!.map(([name, value]) => (
              <div key={name} className="pair">
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <div className="tenant-deeds">
            {may('tenant:enter') && x.status === 'active' && (
              <Button type="primary" onClick={() => setAsking('enter')}>
                {t('enter')}
              </Button>
            )}
            {may('tenant:update') && <Button onClick={() => setAsking('edit')}>{t('edit')}</Button>}
            {may('tenant:suspend') && (
              <Button danger={x.status === 'active'} onClick={() => setAsking(x.status === 'active' ? 'suspend' : 'resume')}>
                {t(x.status === 'active' ? 'suspend' : 'resume')}
              </Button>
            )}
            {may('tenant:create') && (
              <Button loading={deed.busy} onClick={() => void deed.act(async () => setLink(await client.post('/v1/platform/tenants/{id}/first-link', { path: { id } })))}>
                {t('link.again')}
              </Button>
            )}
          </div>
          {link && <LinkOnce of={link} />}
          {asking === 'edit' && <Edit tenant={x} close={() => setAsking(undefined)} done={done} />}
          {asking === 'enter' && <Enter tenant={x} close={() => setAsking(undefined)} />}
          {(asking === 'suspend' || asking === 'resume') && <Reason tenant={x} deed={asking} close={() => setAsking(undefined)} done={done} />}
        </>
      )}
    </Panel>
  )
}
