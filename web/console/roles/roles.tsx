import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Refused } from '../shell/refused.tsx'
import { useLanguage, useText } from './text.ts'
import { RoleEditor } from './editor.tsx'
import { labelOf, useRoles } from './names.ts'
import './roles.css'

/** Roles is the list of roles, and the one that is open. */
export function Roles() {
  const t = useText()
  const language = useLanguage()
  const navigate = useNavigate()
  const { name } = useParams({ strict: false }) as { name?: string }
  const roles = useRoles()
  const items = roles.data?.items ?? []
  const open = items.find((r) => r.name === name)
  return (
    <div className="roles">
      <section className="roles-list" aria-label={t('menu.roles')}>
        <h1>{t('menu.roles')}</h1>
        <Refused error={roles.error} again={() => void roles.refetch()} />
        {roles.isPending && Array.from({ length: 6 }, (_, i) => <div key={i} className="ghost-box" />)}
        {roles.data && items.length === 0 && <p className="quiet">{t('roles.none')}</p>}
        <ul>
          {items.map((r) => (
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
      </section>
      {open ? (
        <RoleEditor
          key={`${open.name} ${open.version}`}
          role={open}
          saved={async (to) => {
            await roles.refetch()
            void navigate({ to: '/roles/$name', params: { name: to } })
          }}
        />
      ) : (
        <section className="roles-empty quiet">{name && roles.data ? t('roles.gone') : t('roles.choose')}</section>
      )}
    </div>
  )
}
