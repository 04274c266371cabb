import type { Column } from '../listing/listing.tsx'
import { Opener } from '../listing/listing.tsx'
import { DepartmentName } from '../departments/name.tsx'
import { useRoleLabel } from '../roles/names.ts'
import { inForce, isUser, type Person, type User } from './person.ts'
import { useText } from './text.ts'

/** How many can be changed at once, by the rule of the server. */
const most = 100

type Props = { open: (id: string) => void; chosen?: ReadonlyMap<string, string>; choose?: (chosen: ReadonlyMap<string, string>) => void }

/** useColumns are what a list of users shows; with choose each can be chosen. */
export function useColumns({ open, chosen, choose }: Props): Column<Person>[] {
  const t = useText()
  const label = useRoleLabel()
  const columns: Column<Person>[] = [
    { text: t('users.name'), of: (p) => <Opener text={p.name} open={() => open(p.id)} /> },
    { text: t('users.username'), spare: true, of: (p) => (isUser(p) ? <code>{p.username}</code> : <span className="quiet">{t('users.card')}</span>) },
    { text: t('users.state'), spare: true, of: (p) => isUser(p) && <State user={p} /> },
    { text: t('users.roles'), spare: true, cut: true, of: (p) => isUser(p) && (p.permission_list ? <OwnList /> : roleNames(p).map(label).join(t('users.and'))) },
    { text: t('users.departments'), spare: true, cut: true, of: (p) => <Departments ids={p.departments} /> },
  ]
  if (!chosen || !choose) return columns
  const chooser = (p: User) => <Chooser name={p.name} on={chosen.has(p.id)} full={chosen.size >= most} change={(on) => choose(chosenWith(chosen, p, on))} />
  return [{ text: t('users.chosen'), of: (p) => isUser(p) && chooser(p) }, ...columns]
}

function OwnList() {
  return <i className="chip queued">{useText()('users.ownList')}</i>
}

function chosenWith(chosen: ReadonlyMap<string, string>, p: Person, on: boolean): ReadonlyMap<string, string> {
  const next = new Map(chosen)
  if (on) next.set(p.id, p.name)
  else next.delete(p.id)
  return next
}

function roleNames(user: User): string[] {
  return [...new Set(inForce(user.assignments).map((a) => a.role))]
}

function Chooser({ name, on, full, change }: { name: string; on: boolean; full: boolean; change: (on: boolean) => void }) {
  const t = useText()
  return <input type="checkbox" aria-label={t('users.choose', { name })} checked={on} disabled={full && !on} onChange={(e) => change(e.target.checked)} />
}

/** Departments are their names, one after the other. */
export function Departments({ ids }: { ids: readonly string[] }) {
  const t = useText()
  return ids.map((id, i) => (
    <span key={id}>
      {i > 0 && t('users.and')}
      <DepartmentName id={id} />
    </span>
  ))
}

/** State is whether somebody can sign in, and what is missing for that. */
export function State({ user: u }: { user: User }) {
  const t = useText()
  return (
    <>
      <i className={u.active ? 'chip resolved' : 'chip bad'}>{t(u.active ? 'users.active' : 'users.disabled')}</i>{' '}
      {u.active && !u.has_password && <i className="chip queued">{t('users.noPassword')}</i>}
    </>
  )
}
