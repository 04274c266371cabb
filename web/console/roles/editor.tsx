import { App, Button } from 'antd'
import { useMemo, useState } from 'react'
import { client } from '../app.ts'
import { History } from '../audit/history.tsx'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { meant, useChange } from '../shell/change.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useLanguage, useText } from './text.ts'
import { Clone } from './clone.tsx'
import { Deeds } from './deeds.tsx'
import { difference, type Grants, type Role, toGrants, toPermissions } from './grants.ts'
import { Holders } from './holders.tsx'
import { Matrix } from './matrix.tsx'
import { Preview } from './preview.tsx'
import { labelOf } from './names.ts'

/** RoleEditor shows what a role grants and changes it, once it was seen what that does and to whom. */
export function RoleEditor({ role, again, saved }: { role: Role; again: () => Promise<unknown>; saved: (name: string | undefined) => Promise<void> }) {
  const t = useText()
  const language = useLanguage()
  const { message } = App.useApp()
  const before = useMemo(() => toGrants(role.permissions), [role.permissions])
  const { now, put, undo } = useChange<Record<string, string | undefined>>(Object.fromEntries(before.cells))
  const grants: Grants = { ...before, cells: new Map(Object.entries(now).flatMap(([cell, scopes]) => (scopes ? [[cell, scopes]] : []))) }
  const [looking, setLooking] = useState(false)
  const [cloning, setCloning] = useState(false)
  const catalogue = useCatalogue()
  const holds = useMay()
  const may = !role.built_in && holds('role:update')
  const permissions = toPermissions(grants)
  const { added, removed } = difference(role.permissions, permissions)
  const changed = added.length + removed.length

  return (
    <section className="role-editor" aria-label={labelOf(role, language)}>
      <header>
        <div>
          <h1>{labelOf(role, language)}</h1>
          <p className="quiet">
            <code>{role.name}</code> · {(language === 'en' ? role.description_en : role.description_zh) || t('roles.noDescription')}
          </p>
        </div>
        <Deeds role={role} saved={(to) => void saved(to)} />
        {holds('role:create') && <Button onClick={() => setCloning(true)}>{t('roles.clone')}</Button>}
        {may && (
          <>
            <Button disabled={changed === 0} onClick={undo}>
              {t('roles.undo')}
            </Button>
            <Button type="primary" disabled={changed === 0} onClick={() => setLooking(true)}>
              {t('roles.review', { count: changed })}
            </Button>
          </>
        )}
      </header>
      {role.built_in && <p className="hint">{t('roles.builtInHelp')}</p>}
      {changed > 0 && (
        <p className="role-difference" role="status">
          {added.map((p) => (
            <ins key={p}>+ {p}</ins>
          ))}
          {removed.map((p) => (
            <del key={p}>− {p}</del>
          ))}
        </p>
      )}
      <Refused error={catalogue.error} again={() => void catalogue.refetch()} />
      {catalogue.isPending && <div className="ghost-box matrix-ghost" />}
      {catalogue.data && <Matrix resources={catalogue.data.items} grants={grants} before={role.permissions} change={may ? (cell, scopes) => put({ [cell]: scopes || undefined }) : undefined} />}
      <Holders role={role.name} />
      <History of="role" id={role.name} />
      {looking && (
        <Preview
          change={['role', role.name, role.version, permissions]}
          ask={(cursor) => client.post('/v1/roles/{name}/preview', { path: { name: role.name }, body: { edit: { permissions } }, query: { limit: 100, cursor } })}
          make={(digest) => meant(client.patch('/v1/roles/{name}', { path: { name: role.name }, version: role.version, preview: digest, body: { permissions } }), again)}
          close={() => setLooking(false)}
          done={() => {
            setLooking(false)
            message.success(t('roles.saved'))
            void saved(role.name)
          }}
        />
      )}
      {cloning && <Clone role={role} close={() => setCloning(false)} done={(made) => void saved(made.name).then(() => setCloning(false))} />}
    </section>
  )
}
