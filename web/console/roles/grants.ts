import type { components } from '../../shared/api/schema.d.ts'
import type { Resource } from '../catalogue/catalogue.ts'

export type { Resource }
export type Role = components['schemas']['RoleJSON']
export type Impact = components['schemas']['ImpactJSON']
export type Difference = Impact['items'][number]

/** Grants are the permissions of a role as cells: by "resource:action" the scopes, "own+unassigned" for both. */
export type Grants = { cells: Map<string, string>; wild: string[] }

/** toGrants puts permissions into cells. Those with a * have no cell of their own: they stay as they are. */
export function toGrants(permissions: readonly string[]): Grants {
  const grants: Grants = { cells: new Map(), wild: [] }
  for (const p of permissions) {
    const [resource, action, scope] = p.split(':')
    if (resource === '*' || action === '*') {
      grants.wild.push(p)
      continue
    }
    const cell = `${resource}:${action}`
    const before = grants.cells.get(cell)
    grants.cells.set(cell, before ? [before, scope!].sort(byWidth).join('+') : scope!)
  }
  return grants
}

/** toPermissions is the reverse of toGrants. */
export function toPermissions({ cells, wild }: Grants): string[] {
  const written = [...cells].flatMap(([cell, scopes]) => scopes.split('+').map((scope) => `${cell}:${scope}`))
  return [...wild, ...written].sort()
}

/** wildFor is the permission with a * that covers a cell, at its scope. */
export function wildFor(wild: string[], resource: string, action: string): string | undefined {
  return wild.find((p) => {
    const [r, a] = p.split(':')
    return (r === '*' || r === resource) && (a === '*' || a === action)
  })
}

/** choices are what a cell can hold: each scope, and those that do not cover one another together. */
export function choices(resource: Resource): string[] {
  const has = (s: string) => resource.scopes.includes(s)
  const both = has('unassigned') ? ['own+unassigned', ...(has('department') ? ['department+unassigned'].map((c) => c.split('+').sort(byWidth).join('+')) : [])] : []
  return [...resource.scopes, ...both]
}

const width = ['own', 'unassigned', 'department', 'all']
function byWidth(a: string, b: string): number {
  return width.indexOf(a) - width.indexOf(b)
}

/** difference is what was added and what was taken, each sorted. */
export function difference(before: readonly string[], after: readonly string[]): { added: string[]; removed: string[] } {
  return { added: after.filter((p) => !before.includes(p)), removed: before.filter((p) => !after.includes(p)) }
}
