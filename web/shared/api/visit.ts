import type { components } from './schema.d.ts'
import type { User } from './session.ts'

type Entered = components['schemas']['VisitOutputBody']
type Tenant = { id: string; slug: string; name: string }

/** Inside is a visit to a tenant: its token, how long that is good, and what the record says of the visit. */
export type Inside = { tenant: Tenant; token: string; endsAt: number; visit: Entered['visit'] }

/** insideOf takes what entering, or staying, was answered with. */
export function insideOf({ id, slug, name }: Tenant, { access_token, expires_in, visit }: Entered): Inside {
  return { tenant: { id, slug, name }, token: access_token, endsAt: Date.now() + expires_in * 1000, visit }
}

/** guest is what somebody of the platform is in a tenant: nobody of it, who sees everything. What a visit never changes the server refuses. */
export function guest(host: User, { tenant, visit }: Inside): User {
  return { ...host, tenant: { ...host.tenant, ...tenant }, permissions: visit.write ? ['*:*:all'] : ['*:read:all'], departments: [] }
}
