import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { exact } from '../../shared/text/time.ts'
import '../listing/listing.css'
import { Period } from '../reports/period.tsx'
import '../reports/reports.css'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { Failures, Successes } from './drawn.tsx'
import { type Grouping, groupings, type Question, useSignIns } from './read.ts'
import { Reasons } from './reasons.tsx'
import './sign-ins.css'
import { Sums } from './sums.tsx'
import { useLanguage, useText } from './text.ts'

/** questionOf reads an address; anything else in it is not asked. */
function questionOf(search: Record<string, unknown>): Question {
  const date = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : '')
  return { from: date(search['from']), to: date(search['to']), by: groupings.find((g) => g === search['by']) ?? 'day' }
}

/** SignIns is how people signed in on some days, how often that failed, and why. */
export function SignIns() {
  const t = useText()
  const language = useLanguage()
  const navigate = useNavigate()
  const may = useMay()
  const question = questionOf(useSearch({ strict: false }))
  const { data, error, refetch, isPending } = useSignIns(question)
  const go = (to: Partial<Question>) => void navigate({ to: '/sign-ins', search: { ...question, ...to }, replace: true })
  return (
    <div className="page">
      <section className="page-main reports">
        <header className="page-head">
          <h1>{t('menu.signIns')}</h1>
          <Period asked={question} shown={data} change={go} />
          <label className="by">
            {t('signIns.by')}
            <select value={question.by} onChange={(e) => go({ by: e.target.value as Grouping })}>
              {groupings.map((g) => (
                <option key={g} value={g}>
                  {t(`by.${g}`)}
                </option>
              ))}
            </select>
          </label>
        </header>
        <Refused error={error} again={() => void refetch()} />
        {isPending && <Ghost />}
        {data && (
          <>
            <Sums of={data.sums} />
            <div className="pictures sign-ins">
              <Failures report={data} />
              <Reasons of={data.sums} />
              <Successes report={data} />
            </div>
            <footer className="page-head sign-ins-end">
              <p className="quiet report-at">
                {t('signIns.at', { from: data.from, to: data.to, zone: data.time_zone, at: exact(data.at, language) })} {!may('audit_log:read:all') && t('signIns.own')}
              </p>
              <Link to="/audit" search={{ event: 'auth.login,auth.login_otp', outcome: 'failure' }}>
                {t('signIns.each')}
              </Link>
            </footer>
          </>
        )}
      </section>
    </div>
  )
}

/** Ghost has the shape of what is to come. */
function Ghost() {
  return (
    <>
      <div className="ghost-box sums-ghost" />
      <div className="pictures" aria-busy="true">
        <div className="ghost-box picture-ghost" />
        <div className="ghost-box picture-ghost" />
      </div>
    </>
  )
}
