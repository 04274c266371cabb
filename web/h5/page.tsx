import { useEffect, useState } from 'preact/hooks'
import { forgetDrafts } from '../shared/desk/outbox.ts'
import type { User } from '../shared/api/session.ts'
import { session, useStore } from './app.ts'
import { Ask } from './pages/ask.tsx'
import { History } from './pages/history.tsx'
import { Home } from './pages/home.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { ThreadPage } from './pages/thread.tsx'
import { Pill } from './parts/pill.tsx'
import { route } from './route.ts'
import { spoken, t } from './text.ts'

/** Page is the whole: the sign-in, or where the address says. */
export function Page() {
  const [user, setUser] = useState<User | undefined>(session.user)
  const [ended, setEnded] = useState(false)
  const { parts } = useStore(route)
  const { language } = useStore(spoken)

  useEffect(
    () =>
      session.listen((change) => {
        if (change.why === 'other') {
          if (user) forgetDrafts(user.id)
          location.reload()
        }
        setEnded(change.user === undefined && user !== undefined)
        setUser(change.user)
      }),
    [user],
  )
  useEffect(() => {
    document.title = t('brand')
  }, [language])

  if (!user) return <SignInPage ended={ended} />
  return (
    <>
      <Pill />
      {parts[0] === 'ask' ? (
        <Ask skill={parts[1]} />
      ) : parts[0] === 'c' && parts[1] ? (
        <ThreadPage key={parts[1]} id={parts[1]} user={user.id} />
      ) : parts[0] === 'history' ? (
        <History />
      ) : (
        <Home user={user} />
      )}
    </>
  )
}
