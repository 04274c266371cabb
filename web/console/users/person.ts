import type { components } from '../../shared/api/schema.d.ts'
import { queries } from '../app.ts'
import { meant } from '../shell/change.ts'

export type User = components['schemas']['UserJSON']
export type Card = components['schemas']['CardJSON']
export type Assignment = components['schemas']['AssignmentJSON']
export type Entry = components['schemas']['RoleEntryJSON']

/** Person is a user as one sees them: all of them, or their card. */
export type Person = User | Card

export function isUser(p: Person | undefined): p is User {
  return p !== undefined && 'username' in p
}

type Pages = { pages: { items: Person[] | null }[] }

/** know puts a user as they are now where they are shown, so that no list is read again, nor jumps. */
export function know(p: Person) {
  queries.setQueryData(['person', p.id], p)
  const renewed = (items: Person[] | null) => items && items.map((i) => (i.id === p.id ? p : i))
  queries.setQueriesData<Pages>({ queryKey: ['people'] }, (was) => was?.pages && { ...was, pages: was.pages.map((page) => ({ ...page, items: renewed(page.items) })) })
  void queries.invalidateQueries({ queryKey: ['access', p.id] })
}

/** inForce are the assignments that have not run out. */
export function inForce(list: Assignment[], now = Date.now()): Assignment[] {
  return list.filter((a) => !a.expires_at || Date.parse(a.expires_at) > now)
}

/** readAgain reads a user anew, before something is made of what they are. */
export function readAgain(id: string): Promise<void> {
  return queries.refetchQueries({ queryKey: ['person', id] })
}

/** current makes a change that is meant for a version of a user. Where somebody else was faster, the next try is meant for what they made. */
export const current = <R>(id: string, change: Promise<R>): Promise<R> => meant(change, () => readAgain(id))
