import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { client, queries } from '../app.ts'
import { More } from '../listing/more.tsx'
import { usePages } from '../listing/pages.ts'
import { Search } from '../listing/search.tsx'
import { leave } from '../shell/draft.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useStill } from '../shell/still.ts'
import { Create } from './create.tsx'
import { RoleEditor } from './editor.tsx'
import type { Role } from './grants.ts'
import { labelOf } from './names.ts'
import './roles.css'
import { useLanguage, useText } from './text.ts'

/** Roles is the list of roles, and the one that is open. */
export function Roles() {
  const t = useText()
  const navigate = useNavigate()
  const still = useStill()
  const { name } = useParams({ strict: false }) as { name?: string }
  const open = useQuery({ queryKey: ['role', name], queryFn: () => client.get('/v1/roles/{name}', { path: { name: name! } }), enabled: name !== undefined })
  async function saved(to: string | undefined) {
    if (to) await queries.invalidateQueries({ queryKey: ['role', to] })
    void queries.invalidateQueries({ queryKey: ['roles'] })
    if (still()) void (to ? navigate({ to: '/roles/$name', params: { name: to }, ignoreBlocker: true }) : navigate({ to: '/roles', ignoreBlocker: true }))
  }
  return (
    <div className="roles">
      <List name={name} made={saved} />
      {open.data ? (
        <RoleEditor key={open.data.name} role={open.data} again={() => open.refetch()} saved={saved} />
      ) : name && open.isPending ? (
        <section className="role-editor" aria-busy="true">
          <div className="ghost-box" />
          <div className="ghost-box matrix-ghost" />
        </section>
      ) : (
        <section className="roles-empty quiet">{name ? t('roles.gone') : t('roles.choose')}</section>
      )}
    </div>
  )
}

function List({ name, made }: { name: string | undefined; made: (name: string) => void }) {
  const t = useText()
  const language = useLanguage()
  const may = useMay()('role:create')
  const [q, setQ] = useState('')
  const [making, setMaking] = useState(false)
  const found = usePages<Role>(['roles', 'list', q], (cursor) => client.get('/v1/roles', { query: { q, limit: 50, cursor } }))
  return (
    <section className="roles-list" aria-label={t('menu.roles')}>
      <header>
        <h1>{t('menu.roles')}</h1>
        {may && (
          <Button size="small" type="primary" onClick={() => leave(() => setMaking(true))}>
            {t('roles.create')}
          </Button>
        )}
      </header>
      <Search label={t('roles.search')} change={setQ} />
      <Refused error={found.error} again={() => void found.refetch()} />
      {found.isPending && Array.from({ length: 6 }, (_, i) => <div key={i} className="ghost-box" />)}
      {found.data && found.items.length === 0 && <p className="quiet">{t('roles.none')}</p>}
      <ul>
        {found.items.map((r) => (
          <li key={r.name}>
            <Link to="/roles/$name" params={{ name: r.name }} className={r.name === name ? 'role on' : 'role'} aria-current={r.name === name ? 'page' : undefined}>
              <strong className="cut">{labelOf(r, language)}</strong>
              <small className="cut">{r.name}</small>
              {!r.active && <i className="chip bad">{t('roles.inactive')}</i>}
              {r.built_in && <i className="chip plain">{t('roles.builtIn')}</i>}
            </Link>
          </li>
        ))}
      </ul>
      <More of={found} />
      {making && (
        <Create
          close={() => setMaking(false)}
          done={(to) => {
            setMaking(false)
            made(to)
          }}
        />
      )}
    </section>
  )
}
