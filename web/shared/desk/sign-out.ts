import type { Client } from '../api/client.ts'
import type { Session } from '../api/session.ts'
import { forgetDrafts } from './outbox.ts'

/**
 * signOut ends the session at the server, and then here. What fails is thrown, and nothing has ended: no script can clear the
 * cookie, which would sign the next one in who opens this browser.
 */
export async function signOut(client: Client, session: Session) {
  const user = session.user ?? session.owing?.user
  await client.post('/v1/auth/logout')
  if (user) forgetDrafts(user.id)
  session.end()
}
