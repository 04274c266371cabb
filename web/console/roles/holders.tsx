import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { More } from '../listing/more.tsx'
import { usePages } from '../listing/pages.ts'
import { keep } from '../names/source.ts'
import { UserName, users } from '../names/users.tsx'
import { Refused } from '../shell/refused.tsx'
import { useLanguage, useText } from './text.ts'

type Page = components['schemas']['HoldersOutputBody']

/** Holders are those who have a role, until when, and whether a list of their own applies instead. */
export function Holders({ role }: { role: string }) {
  const t = useText()
  const language = useLanguage()
  const found = usePages<Page['items'][number], Page>(['holders', role], async (cursor) => {
    const page = await client.get('/v1/roles/{name}/holders', { path: { name: role }, query: { limit: 50, cursor } })
    keep(users, page.items.map((h) => h.user))
    return page
  })
  const first = found.data?.pages[0]
  return (
    <section className="holders" aria-label={t('roles.holders', { count: first?.people ?? '…' })}>
      <h2>{t('roles.holders', { count: first?.people ?? '…' })}</h2>
      <Refused error={found.error} again={() => void found.refetch()} />
      {first?.people === 0 && <p className="quiet">{t('roles.nobody')}</p>}
      <ul>
        {found.items.map((h) => (
          <li key={h.user.id}>
            <UserName id={h.user.id} />
            {!h.active && <i className="chip bad">{t('roles.disabled')}</i>}
            {h.list && <i className="chip queued">{t('roles.byList')}</i>}
            {h.assignments.map((a) => a.expires_at && <small key={a.id}>{t('roles.until', { time: exact(a.expires_at, language) })}</small>)}
          </li>
        ))}
      </ul>
      <More of={found} />
      {(first?.others ?? 0) > 0 && <p className="quiet">{t('impact.others', { count: first!.others })}</p>}
    </section>
  )
}
