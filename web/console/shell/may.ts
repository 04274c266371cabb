import { holds } from '../../shared/api/permission.ts'
import { Store } from '../../shared/store.ts'
import { session, useStore } from '../app.ts'

const held = new Store<{ permissions: readonly string[] }>({ permissions: session.user?.permissions ?? [] })
session.listen(({ user }) => held.set({ permissions: user?.permissions ?? [] }))

/** useMay asks whether one holds any of some permissions, drawn anew when that changes. The server decides all the same. */
export function useMay(): (...needed: string[]) => boolean {
  const { permissions } = useStore(held)
  return (...needed) => needed.some((n) => holds(permissions, n))
}
