import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import '../listing/listing.css'
import { Refused } from '../shell/refused.tsx'
import { Factor } from './factor.tsx'
import { Password } from './password.tsx'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'
import { SignIns } from './sign-ins.tsx'
import { useText } from './text.ts'

/** Me is what is one's own: the profile, how one signs in, where one is signed in, and who tried. */
export function Me() {
  const t = useText()
  const me = useQuery({ queryKey: ['me'], queryFn: () => client.get('/v1/me'), refetchOnWindowFocus: false })
  return (
    <div className="page">
      <section className="page-main">
        <div className="page-head">
          <h1>{t('me.title')}</h1>
        </div>
        <Refused error={me.error} again={() => void me.refetch()} />
        <div className="cards">
          {me.isPending && <div className="ghost-box card" />}
          {me.data && (
            <>
              <Profile me={me.data} again={() => me.refetch()} />
              <Password has={me.data.has_password} />
              <Factor />
            </>
          )}
          <Sessions />
          <SignIns />
        </div>
      </section>
    </div>
  )
}
