import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import { useWords } from '../catalogue/catalogue.ts'
import { DepartmentName } from '../departments/name.tsx'
import { Refused } from '../shell/refused.tsx'
import type { Question } from './question.ts'
import { useText } from './text.ts'

/** Reach says to which objects somebody may do something: none, all, or those of which one of some things is true. */
export function Reach({ question: q }: { question: Question }) {
  const t = useText()
  const words = useWords()
  const answer = useQuery({
    queryKey: ['filter', q],
    queryFn: () => client.post('/v1/access/filter', { body: { ...(q.subject ? { subject: q.subject } : {}), resource: q.resource, action: q.action } }),
    staleTime: 0,
    refetchOnWindowFocus: false,
  })
  const f = answer.data
  if (!f) return answer.error ? <Refused error={answer.error} again={() => void answer.refetch()} /> : <div className="ghost-box" />
  const conditions = [
    ...f.own.map((o) => t(`filter.${o}`)),
    ...(f.unassigned ? [t('filter.unassigned')] : []),
    ...(f.departments.length > 0 ? [t('filter.departments')] : []),
  ]
  return (
    <div className={f.everything || conditions.length > 0 ? 'verdict allowed' : 'verdict denied'} role="status">
      <h2>{`${words.resource(q.resource)} · ${words.action(q.action)}`}</h2>
      {f.everything && <p>{t('filter.everything')}</p>}
      {!f.everything && conditions.length === 0 && <p>{t('filter.nothing')}</p>}
      {!f.everything && conditions.length > 0 && (
        <>
          <p>{t('filter.union')}</p>
          <ul className="conditions">
            {conditions.map((c) => (
              <li key={c}>{c}</li>
            ))}
          </ul>
          <p className="by">
            {f.departments.map((d) => (
              <i key={d} className="chip plain">
                <DepartmentName id={d} />
              </i>
            ))}
          </p>
        </>
      )}
    </div>
  )
}
