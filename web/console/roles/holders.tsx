import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import { Refused } from '../shell/refused.tsx'
import { exact } from '../../shared/text/time.ts'
import { useLanguage, useText } from './text.ts'

/** Holders are those who have a role, and until when. */
export function Holders({ role }: { role: string }) {
  const t = useText()
  const language = useLanguage()
  const { data, error } = useQuery({ queryKey: ['holders', role], queryFn: () => client.get('/v1/roles/{name}/holders', { path: { name: role }, query: { limit: 100 } }) })
  return (
    <section className="holders">
      <h2>{t('roles.holders', { count: data?.people ?? '…' })}</h2>
      <Refused error={error} />
      <ul>
        {data?.items.map((h) => (
          <li key={h.user.id}>
            {h.user.name}
            {!h.active && <i className="chip bad">{t('roles.disabled')}</i>}
            {h.assignments.map((a) => a.expires_at && <small key={a.id}>{t('roles.until', { time: exact(a.expires_at, language) })}</small>)}
          </li>
        ))}
      </ul>
      {(data?.others ?? 0) > 0 && <p className="quiet">{t('impact.others', { count: data!.others })}</p>}
    </section>
  )
}
