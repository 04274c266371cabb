import { useEffect, useState } from 'preact/hooks'
import type { Conversation } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { Bar } from '../parts/bar.tsx'
import { Refused } from '../parts/refused.tsx'
import { Row, Rows } from '../parts/row.tsx'
import { t } from '../text.ts'

type Found = { items: Conversation[]; next: string | null }

/** History finds everything that one ever asked. */
export function History() {
  const [q, setQ] = useState('')
  const [found, setFound] = useState<Found | undefined>()
  const [error, setError] = useState<unknown>()

  async function read(cursor?: string) {
    try {
      const page = await client.get('/v1/conversations', { query: { requester: 'me', limit: 30, q: q.trim(), ...(cursor ? { cursor } : {}) } })
      setFound((before) => ({ items: cursor ? [...(before?.items ?? []), ...page.items] : page.items, next: page.next }))
      setError(undefined)
    } catch (e) {
      setError(e)
    }
  }
  useEffect(() => {
    const timer = setTimeout(() => void read(), q ? 300 : 0)
    return () => clearTimeout(timer)
  }, [q])

  return (
    <main>
      <Bar title={t('history.title')} back="#/" />
      <input class="search" type="search" aria-label={t('history.search')} placeholder={t('history.search')} value={q} onInput={(e) => setQ(e.currentTarget.value)} />
      <Refused error={error} again={() => void read()} />
      {!found && !error && <Rows count={6} />}
      {found && found.items.length === 0 && <p class="empty">{t('history.none')}</p>}
      {found && (
        <ul class="rows">
          {found.items.map((c) => (
            <Row key={c.id} conversation={c} />
          ))}
        </ul>
      )}
      {found?.next && (
        <button type="button" class="quiet wide" onClick={() => void read(found.next!)}>
          {t('more')}
        </button>
      )}
    </main>
  )
}
