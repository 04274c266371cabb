import { App, Button } from 'antd'
import { useState } from 'react'
import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { type Column, Listing } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { Card } from '../shell/card.tsx'
import { useDeed } from '../shell/deed.ts'
import { Refused } from '../shell/refused.tsx'
import { useLanguage } from '../text.ts'
import { deviceOf } from './device.ts'
import { useText } from './text.ts'

type Session = components['schemas']['SessionJSON']
type Warning = components['schemas']['OwnSessionsOutputBody']['warnings'][number]

/** Sessions are where one is signed in. Any of them can be ended, or all but this one. */
export function Sessions() {
  const t = useText()
  const language = useLanguage()
  const { message } = App.useApp()
  const { busy, error, act } = useDeed()
  const [warnings, setWarnings] = useState<Warning[]>([])
  const found = usePages<Session>(['own-sessions'], async (cursor) => {
    const page = await client.get('/v1/me/sessions', { query: { limit: 20, cursor } })
    if (!cursor) setWarnings(page.warnings)
    return page
  })
  async function end(f: () => Promise<unknown>, said: string) {
    if (await act(f)) message.success(said)
    void found.refetch()
  }
  const columns: Column<Session>[] = [
    { text: t('sessions.device'), of: (s) => <span title={s.user_agent}>{deviceOf(s.user_agent)}</span> },
    { text: t('sessions.address'), of: (s) => s.address },
    { text: t('sessions.began'), of: (s) => exact(s.created_at, language) },
    { text: t('sessions.seen'), of: (s) => exact(s.last_seen_at, language) },
    {
      text: '',
      of: (s) =>
        s.current ? (
          <i className="chip resolved">{t('sessions.this')}</i>
        ) : (
          <Button
            size="small"
            disabled={busy}
            aria-label={t('sessions.endOf', { address: s.address })}
            onClick={() => void end(() => client.delete('/v1/me/sessions/{id}', { path: { id: s.id } }), t('sessions.ended'))}
          >
            {t('sessions.end')}
          </Button>
        ),
    },
  ]
  return (
    <Card
      wide
      title={t('sessions.heading')}
      more={
        <Button disabled={busy || found.items.length < 2} onClick={() => void end(() => client.delete('/v1/me/sessions'), t('sessions.othersEnded'))}>
          {t('sessions.endOthers')}
        </Button>
      }
    >
      <p className="quiet">{t('sessions.help')}</p>
      {warnings.map((w) => (
        <p key={w.session} className="refused" role="alert">
          {t('sessions.reuse', { time: exact(w.time, language), address: w.address })}
        </p>
      ))}
      <Refused error={error} />
      <Listing label={t('sessions.heading')} columns={columns} found={found} keyOf={(s) => s.id} none={t('sessions.none')} />
    </Card>
  )
}
