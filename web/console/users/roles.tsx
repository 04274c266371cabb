import { App, Button } from 'antd'
import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { session } from '../app.ts'
import { useRoleLabel } from '../roles/names.ts'
import { useMay } from '../shell/may.ts'
import { Departments } from './columns.tsx'
import { type Assignment, inForce, readAgain, type User } from './person.ts'
import { RolesEditor } from './roles-editor.tsx'
import { useLanguage, useText } from './text.ts'

/** Roles are what somebody was given, until when and where, or the list that stands in their place. */
export function Roles({ user }: { user: User }) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const [editing, setEditing] = useState(false)
  const own = session.user?.id === user.id
  if (editing) {
    return (
      <RolesEditor
        user={user}
        close={() => setEditing(false)}
        done={() => {
          setEditing(false)
          void message.success(t('users.rolesSaved'))
        }}
      />
    )
  }
  return (
    <>
      {user.permission_list && (
        <section className="stack">
          <p className="hint">{t('users.ownListHelp')}</p>
          <ul className="permissions" aria-label={t('users.ownList')}>
            {user.permission_list.length === 0 && <li className="quiet">{t('users.ownListEmpty')}</li>}
            {user.permission_list.map((p) => (
              <li key={p}>
                <code>{p}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ul className="assignments" aria-label={t('users.roles')}>
        {user.assignments.length === 0 && <li className="quiet">{t('users.noRoles')}</li>}
        {user.assignments.map((a) => (
          <li key={a.id}>
            <Given assignment={a} />
          </li>
        ))}
      </ul>
      {may('role:assign') && own && <p className="quiet">{t('users.ownRoles')}</p>}
      {may('role:assign') && !own && <Button onClick={() => void readAgain(user.id).then(() => setEditing(true))}>{t('users.changeRoles')}</Button>}
    </>
  )
}

/** Given is one assignment: the role, where it reaches, and until when. */
function Given({ assignment: a }: { assignment: Assignment }) {
  const t = useText()
  const language = useLanguage()
  const label = useRoleLabel()
  const over = inForce([a]).length === 0
  return (
    <>
      <strong>{label(a.role)}</strong> <code>{a.role}</code>
      {over && <i className="chip bad">{t('users.expired')}</i>}
      <small>
        {a.expires_at ? t('users.until', { time: exact(a.expires_at, language) }) : t('users.forGood')}
        {' · '}
        {a.departments === null ? t('users.ownDepartments') : a.departments.length === 0 ? t('users.noDepartments') : <Departments ids={a.departments} />}
      </small>
    </>
  )
}
