import { useState } from 'preact/hooks'
import type { User } from '../../shared/api/session.ts'
import { client, idle, session } from '../app.ts'
import { SignInPage } from './sign-in.tsx'

/** Locked stands in place of everything when nobody was here for long, in this program or in the console, and asks who is there now. */
export function Locked({ user }: { user: User }) {
  const [before] = useState(session.id)
  function done() {
    // Who signs in again has another session; nobody misses the one before.
    if (before !== session.id) void client.delete('/v1/me/sessions/{id}', { path: { id: before } }).catch(() => undefined)
    idle.uncover()
  }
  return <SignInPage ended={false} of={user} done={done} />
}
