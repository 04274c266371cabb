import { Button } from 'antd'
import { useState } from 'react'
import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { usePages } from '../listing/pages.ts'
import { Confirm } from '../shell/confirm.tsx'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { deviceOf } from '../me/device.ts'
import { Lines } from './lines.tsx'
import type { User } from './person.ts'
import { useLanguage, useText } from './text.ts'

type Session = components['schemas']['SessionJSON']

/** Sessions are where somebody is signed in. */
export function Sessions({ user }: { user: User }) {
  const t = useText()
  const may = useMay()('session:revoke')
  const [ending, setEnding] = useState(false)
  const { busy, error, act } = useDeed()
  const path = { id: user.id }
  const found = usePages<Session>(['sessions', user.id], (cursor) => client.get('/v1/users/{id}/sessions', { path, query: { limit: 20, cursor } }))
  const end = (sid: string) =>
    void act(async () => {
      await client.delete('/v1/users/{id}/sessions/{sid}', { path: { ...path, sid } })
      await found.refetch()
    })
  return (
    <section className="stack">
      <div className="entry-head">
        <h3>{t('users.sessions')}</h3>
        {may && found.items.length > 0 && (
          <Button size="small" danger onClick={() => setEnding(true)}>
            {t('users.endAll')}
          </Button>
        )}
      </div>
      <Refused error={error} />
      <Lines label={t('users.sessions')} found={found} keyOf={(s) => s.id} none={t('users.noSessions')}>
        {(s) => <SessionLine session={s} end={may ? () => end(s.id) : undefined} busy={busy} />}
      </Lines>
      {ending && (
        <Confirm
          title={t('users.endAllOf', { name: user.name })}
          save={t('users.endAll')}
          danger
          make={() => client.delete('/v1/users/{id}/sessions', { path })}
          close={() => setEnding(false)}
          done={() => {
            setEnding(false)
            void found.refetch()
          }}
        >
          <p>{t('users.endAllHelp')}</p>
        </Confirm>
      )}
    </section>
  )
}

function SessionLine({ session: s, end, busy }: { session: Session; end: (() => void) | undefined; busy: boolean }) {
  const t = useText()
  const language = useLanguage()
  return (
    <>
      <div className="entry-head">
        <strong>{exact(s.created_at, language)}</strong>
        {s.current && <i className="chip">{t('users.thisSession')}</i>}
        {end && (
          <Button size="small" disabled={busy} onClick={end} aria-label={t('users.endOf', { time: exact(s.created_at, language) })}>
            {t('users.end')}
          </Button>
        )}
      </div>
      <small title={s.user_agent}>
        {t('users.seen', { time: exact(s.last_seen_at, language) })} · {s.address} · {deviceOf(s.user_agent)} · {s.methods.join(' + ')}
      </small>
    </>
  )
}
