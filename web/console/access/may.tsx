import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client, session } from '../app.ts'
import { useCatalogue, useWords } from '../catalogue/catalogue.ts'
import { useNames } from '../names/source.ts'
import { users } from '../names/users.tsx'
import { Refused } from '../shell/refused.tsx'
import { useLanguage } from '../text.ts'
import { By } from './by.tsx'
import { objectOf, type Question, toAddress } from './question.ts'
import { useText } from './text.ts'

/** May answers whether somebody may do something to an object, and why, in words. */
export function May({ question: q }: { question: Question }) {
  const t = useText()
  const words = useWords()
  const and = useAnd()
  const catalogue = useCatalogue()
  const resource = catalogue.data?.items.find((r) => r.name === q.resource)
  const who = useNames(users, q.subject ? [q.subject] : []).get(q.subject) ?? session.user?.name ?? ''
  const answer = useQuery({
    queryKey: ['explain', q],
    queryFn: () => {
      const subject = q.subject ? { subject: q.subject } : {}
      return client.post('/v1/access/explain', { body: { ...subject, action: q.action, object: objectOf(q, resource) } })
    },
    enabled: catalogue.data !== undefined,
    staleTime: 0,
    refetchOnWindowFocus: false,
  })
  const e = answer.data
  if (!e) return answer.error ? <Refused error={answer.error} again={() => void answer.refetch()} /> : <div className="ghost-box" />
  const said = { who, what: `${words.resource(q.resource)} · ${words.action(q.action)}` }
  return (
    <div className={e.allow ? 'verdict allowed' : 'verdict denied'} role="status">
      <h2>{t(e.allow ? 'access.allowed' : 'access.denied')}</h2>
      <p>{t(e.allow ? 'access.can' : 'access.cannot', said)}</p>
      <dl>
        {e.allow && <Line text={t('access.by')}>{<By of={e.by} />}</Line>}
        {e.reason && (
          <Line text={t('access.reason')}>
            {t(`reason.${e.reason as 'no_permission'}`)} <code>{e.reason}</code>
          </Line>
        )}
        {e.have.length > 0 && <Line text={t('access.have')}>{and(e.have.map(words.scope))}</Line>}
        {e.needs && (
          <Line text={t('access.needs')}>
            {words.permission(`${q.resource}:${q.action}:${e.needs}`)} <code>{`${q.resource}:${q.action}:${e.needs}`}</code>
            {e.needs === 'department' && <small className="quiet"> {t('access.departmentNote')}</small>}
          </Line>
        )}
      </dl>
      {(e.reason === 'out_of_scope' || e.reason === 'no_permission') && !e.needs && <p className="quiet">{t('access.neverEnough')}</p>}
      <p className="verdict-next">
        <Link to="/access" search={toAddress({ ...q, ask: 'who' })}>
          {t('access.seeWho')}
        </Link>
        <Link to="/access" search={toAddress({ ...q, ask: 'what' })}>
          {t('access.seeWhat')}
        </Link>
      </p>
    </div>
  )
}

function Line({ text, children }: { text: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{text}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** useAnd puts words side by side as a language does. */
function useAnd(): (words: string[]) => string {
  const language = useLanguage()
  return (words) => new Intl.ListFormat(language, { type: 'conjunction' }).format(words)
}
