import type { Inside } from '../../shared/api/visit.ts'
import { Store } from '../../shared/store.ts'
import { client, session } from '../app.ts'

const key = 'usher.visit' // of this tab: who is in which tenant; the token stays in memory, and is gone with the page

type Note = { user: string; tenant: string }

/** left is the tenant whose visit ended because the page was loaded anew; undefined for none. */
export const left = new Store<{ tenant: string | undefined }>({ tenant: undefined })

/** noteVisit has the page know of a visit when it is loaded anew, until the visit is over. */
export function noteVisit({ tenant }: Inside) {
  const note: Note = { user: session.host?.id ?? '', tenant: tenant.id }
  sessionStorage.setItem(key, JSON.stringify(note))
  left.set({ tenant: undefined })
  const stop = session.listen(() => {
    if (session.inside) return
    stop()
    sessionStorage.removeItem(key)
  })
}

/**
 * leftVisit leaves the visit in which the page was when it was loaded anew, and returns its tenant, with which one is to
 * go on: the address at which one was would be of the platform itself by now.
 */
export function leftVisit(): string | undefined {
  const noted = sessionStorage.getItem(key)
  if (!noted || !session.user) return undefined
  sessionStorage.removeItem(key)
  const { user, tenant } = JSON.parse(noted) as Note
  if (user !== session.user.id) return undefined
  client.post('/v1/platform/tenants/{id}/leave', { path: { id: tenant } }).catch(() => undefined) // or it is over already
  left.set({ tenant })
  return tenant
}
