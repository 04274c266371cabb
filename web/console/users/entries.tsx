import { Button } from 'antd'
import { departments } from '../names/departments.ts'
import { Pick } from '../names/pick.tsx'
import { useRoleSource } from '../names/roles.tsx'
import { useRoleLabel } from '../roles/names.ts'
import type { Assignment, Entry } from './person.ts'
import { useText } from './text.ts'

/** entryOf is an assignment as it would be given anew. */
export function entryOf(a: Assignment): Entry {
  return { role: a.role, expires_at: a.expires_at, departments: a.departments }
}

/** Entries are roles that are to be given, each with its end and where it reaches. */
export function Entries({ entries, change }: { entries: Entry[]; change: (entries: Entry[]) => void }) {
  const t = useText()
  const roles = useRoleSource()
  const put = (i: number, e: Entry) => change(entries.map((was, at) => (at === i ? e : was)))
  const add = (role: string) => change([...entries, { role, expires_at: null, departments: null }])
  return (
    <>
      <ul className="assignments" aria-label={t('users.rolesToGive')}>
        {entries.map((e, i) => (
          <li key={i}>
            <EntryFields entry={e} change={(next) => put(i, next)} remove={() => change(entries.filter((_, at) => at !== i))} />
          </li>
        ))}
      </ul>
      <div className="field">
        <span>{t('users.addRole')}</span>
        <Pick from={roles} label={t('users.addRole')} none={t('users.chooseRole')} value={[]} change={([role]) => role && add(role)} />
      </div>
    </>
  )
}

function EntryFields({ entry: e, change, remove }: { entry: Entry; change: (e: Entry) => void; remove: () => void }) {
  const t = useText()
  const label = useRoleLabel()(e.role)
  return (
    <>
      <div className="entry-head">
        <strong>{label}</strong>
        <Button size="small" onClick={remove} aria-label={t('users.removeRole', { role: label })}>
          {t('users.remove')}
        </Button>
      </div>
      <div className="side-by-side">
        <label>
          {t('users.expires')}
          <input type="datetime-local" value={local(e.expires_at)} onChange={(x) => change({ ...e, expires_at: instant(x.target.value) })} />
        </label>
        <label>
          {t('users.reaches')}
          <select value={e.departments ? 'chosen' : 'own'} onChange={(x) => change({ ...e, departments: x.target.value === 'own' ? null : [] })}>
            <option value="own">{t('users.ownDepartments')}</option>
            <option value="chosen">{t('users.chosenDepartments')}</option>
          </select>
        </label>
      </div>
      {e.departments && (
        <Pick
          from={departments}
          label={t('users.reachOf', { role: label })}
          many
          none={t('users.noDepartments')}
          value={e.departments}
          change={(chosen) => change({ ...e, departments: chosen })}
        />
      )}
    </>
  )
}

/** instant is what was typed, '' for none. */
function instant(typed: string): string | null {
  return typed ? new Date(typed).toISOString() : null
}

/** local is an instant as a field of the browser takes it: in the reader's time zone. */
function local(at: string | null | undefined): string {
  if (!at) return ''
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
