import { useLayoutEffect, useRef } from 'react'
import { Idle } from '../../shared/api/idle.ts'
import type { User } from '../../shared/api/session.ts'
import { client, session, useStore } from '../app.ts'
import { SignInPage } from './sign-in.tsx'

const idle = new Idle(session)

/** Cover lies over everything, also over dialogs, when nobody was here for long, and asks who is there now. */
export function Cover({ user }: { user: User }) {
  const { covered } = useStore(idle.store)
  return covered ? <Asking user={user} /> : null
}

function Asking({ user }: { user: User }) {
  const box = useRef<HTMLDialogElement>(null)
  const before = useRef(session.id)
  const show = () => {
    box.current?.showModal()
    box.current?.querySelector<HTMLInputElement>('[type=password]')?.focus()
  }
  useLayoutEffect(show, [])
  function done() {
    // Who signs in again has another session; nobody misses the one before.
    if (before.current !== session.id) void client.delete('/v1/me/sessions/{id}', { path: { id: before.current } }).catch(() => undefined)
    idle.uncover()
  }
  return (
    <dialog ref={box} className="cover" aria-labelledby="cover-title" onCancel={(e) => e.preventDefault()} onClose={show}>
      <SignInPage of={user} done={done} />
    </dialog>
  )
}
