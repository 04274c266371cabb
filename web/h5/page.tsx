import { useEffect, useState } from 'preact/hooks'
import { makeWay } from '../shared/api/newcomer.ts'
import type { User } from '../shared/api/session.ts'
import { idle, session, useStore } from './app.ts'
import { Ask } from './pages/ask.tsx'
import { History } from './pages/history.tsx'
import { Home } from './pages/home.tsx'
import { Locked } from './pages/locked.tsx'
import { PasswordPage } from './pages/password.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { ThreadPage } from './pages/thread.tsx'
import { Newcomer } from './parts/newcomer.tsx'
import { Pill } from './parts/pill.tsx'
import { route } from './route.ts'
import { spoken, t } from './text.ts'

/** Page is the whole: the sign-in, or where the address says. */
export function Page() {
  const [user, setUser] = useState<User | undefined>(session.user)
  const [owing, setOwing] = useState(session.owing)
  const [ended, setEnded] = useState(false)
  const { covered } = useStore(idle.store)
  const { parts } = useStore(route)
  const { language } = useStore(spoken)

  useEffect(
    () =>
      session.listen((change) => {
        if (change.why === 'other') return makeWay()
        setEnded(change.why === 'ended' && (user ?? owing) !== undefined)
        setUser(change.user)
        setOwing(session.owing)
      }),
    [user, owing],
  )
  useEffect(() => {
    document.title = t('brand')
  }, [language])

  if (owing) return <PasswordPage owing={owing} />
  if (!user) return <SignInPage ended={ended} />
  if (covered) return <Locked user={user} />
  return (
    <>
      <Pill />
      <Newcomer name={user.name} />
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
