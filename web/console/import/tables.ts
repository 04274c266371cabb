import type { Problem } from '../../shared/api/problem.ts'
import type { Report } from './lines.ts'

/** Table is what comes and goes as a file: what it needs to come, what to go, and its events. */
export type Table = { name: 'departments' | 'roles' | 'users' | 'assignments'; brings: string; takes: string; event: string }

/** The tables in the order in which they are brought in: each names things of those before it. */
export const tables: Table[] = [
  { name: 'departments', brings: 'department:create', takes: 'department:read', event: 'department.import' },
  { name: 'roles', brings: 'role:create', takes: 'role:read', event: 'role.import' },
  { name: 'users', brings: 'user:import', takes: 'user:export', event: 'user.import' },
  { name: 'assignments', brings: 'role:assign', takes: 'user:export', event: 'assignment.import' },
]

export type BadCell = Report['errors'][number]

/** badCells are the places that a refusal of a whole file names. */
export function badCells(p: Problem): BadCell[] {
  return (p.body.errors ?? []).flatMap(({ location, message }) => {
    const place = /^rows\[(\d+)\](?:\.(.*))?$/.exec(location ?? '')
    return place ? [{ row: Number(place[1]), column: place[2] ?? '', code: '', message: message ?? '' }] : []
  })
}
