import { Button } from 'antd'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { components } from '../../shared/api/schema.d.ts'
import { ago } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { Search } from '../listing/search.tsx'
import { useMay } from '../shell/may.ts'
import { Create } from './create.tsx'
import { Limit } from './limit.tsx'
import './platform.css'
import { TenantPanel } from './tenant.tsx'
import { useLanguage, useText } from './text.ts'

export type Tenant = components['schemas']['OverviewJSON']

/** Tenants are all tenants of the installation, with figures and nothing of what is in them. */
export function Tenants() {
  const t = useText()
  const language = useLanguage()
  const may = useMay()
  const navigate = useNavigate()
  const { tenant } = useParams({ strict: false }) as { tenant?: string }
  const [q, setQ] = useState('')
  const [status, setStatus] = useState<'' | Tenant['status']>('')
  const [creating, setCreating] = useState(false)
  const found = usePages<Tenant>(['tenants', q, status], (cursor) => client.get('/v1/platform/tenants', { query: { q, cursor, limit: 50, sort: 'slug', ...(status ? { status } : {}) } }) as never)
  const open = (id: string) => void navigate({ to: '/platform/$tenant', params: { tenant: id }, ignoreBlocker: true })
  const columns: Column<Tenant>[] = [
    { text: t('tenant.slug'), of: (x) => <Opener text={x.slug} open={() => open(x.id)} /> },
    { text: t('tenant.name'), cut: true, of: (x) => <>{x.name} {x.demo && <i className="chip plain">{t('tenant.demo')}</i>}</> },
    { text: t('tenant.status'), of: (x) => <Status of={x.status} /> },
    { text: t('tenant.users'), spare: true, of: (x) => x.figures.active_users },
    { text: t('tenant.sessions'), spare: true, of: (x) => x.figures.sessions },
    { text: t('tenant.lastSignIn'), spare: true, of: (x) => (x.figures.last_sign_in_at ? ago(x.figures.last_sign_in_at, language) : t('tenant.never')) },
  ]
  return (
    <div className="page">
      <section className="page-main">
        <div className="page-head">
          <h1>{t('tenants')}</h1>
          <Limit />
          <select aria-label={t('tenant.status')} value={status} onChange={(e) => setStatus(e.target.value as typeof status)}>
            <option value="">{t('tenants.any')}</option>
            <option value="active">{t('tenant.active')}</option>
            <option value="suspended">{t('tenant.suspended')}</option>
          </select>
          <Search label={t('tenants.search')} change={setQ} />
          {may('tenant:create') && (
            <Button type="primary" onClick={() => setCreating(true)}>
              {t('create')}
            </Button>
          )}
        </div>
        <Listing label={t('tenants')} columns={columns} found={found} keyOf={(x) => x.id} isOpen={(x) => x.id === tenant} none={q || status ? t('tenants.none') : t('tenants.first')} />
      </section>
      {tenant && <TenantPanel key={tenant} id={tenant} close={() => void navigate({ to: '/platform', ignoreBlocker: true })} changed={() => void found.refetch()} />}
      {creating && (
        <Create
          close={() => setCreating(false)}
          made={(made) => {
            void found.refetch()
            open(made.id)
          }}
        />
      )}
    </div>
  )
}

/** Status is whether a tenant works, in words and not by colour alone. */
export function Status({ of }: { of: Tenant['status'] }) {
  const t = useText()
  return <i className={of === 'active' ? 'chip resolved' : 'chip bad'}>{t(`tenant.${of}`)}</i>
}
