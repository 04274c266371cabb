import { type KeyboardEvent, useLayoutEffect, useRef } from 'react'
import type { User } from '../../shared/api/session.ts'
import { client, idle, session, useStore } from '../app.ts'
import { useText } from '../text.ts'
import { SignInPage } from './sign-in.tsx'
import { standing } from './standing.ts'

/** Cover lies over everything, also over dialogs, when nobody was here for long, and asks who is there now. */
export function Cover({ user }: { user: User }) {
  const { covered } = useStore(idle.store)
  const { wall } = useStore(standing)
  return covered && !wall ? <Asking user={user} /> : null
}

function Asking({ user }: { user: User }) {
  const t = useText()
  const box = useRef<HTMLDialogElement>(null)
  const before = useRef(session.id)
  const show = () => {
    box.current?.showModal()
    box.current?.querySelector<HTMLInputElement>('[type=password]')?.focus()
  }
  useLayoutEffect(show, [])
  function done() {
    if (before.current !== session.id) forget(before.current)
    idle.uncover()
  }
  return (
    <dialog ref={box} className="cover" aria-label={t('cover.title')} onCancel={(e) => e.preventDefault()} onClose={show} onKeyDown={keep} onKeyUp={keep}>
      <SignInPage of={user} done={done} />
    </dialog>
  )
}

/** keep keeps a key from what lies beneath. */
const keep = (e: KeyboardEvent) => e.stopPropagation()

/** forget ends the session before: who signs in again has another one. A visit hangs on it, and goes on until it is left. */
function forget(id: string) {
  const end = () => void client.delete('/v1/me/sessions/{id}', { path: { id } }).catch(() => undefined)
  if (!session.inside) return end()
  const stop = session.listen(({ why }) => {
    if (session.inside) return
    stop()
    if (why === 'moved') end()
  })
}
