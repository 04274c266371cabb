import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import '../listing/listing.css'
import { type Grouping, groupings, type Question, type Report, reports } from './figures.ts'
import { Overview } from './overview.tsx'
import { Period } from './period.tsx'
import { useReport } from './read.ts'
import './reports.css'
import { ReportTable } from './table.tsx'
import { useText } from './text.ts'

type View = 'overview' | Report

/** Asked is what stands in the address; anything else in it is not. */
type Asked = { view: View; question: Question }

function asked(search: Record<string, unknown>): Asked {
  const date = (value: unknown) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : '')
  return {
    view: reports.find((r) => r === search['view']) ?? 'overview',
    question: { from: date(search['from']), to: date(search['to']), by: groupings.find((g) => g === search['by']) ?? 'day' },
  }
}

/** Reports is how the desk did on some days: drawn, and in figures. */
export function Reports() {
  const t = useText()
  const navigate = useNavigate()
  const { view, question } = asked(useSearch({ strict: false }))
  const shown = useReport(view === 'overview' ? 'volume' : view, view === 'overview' ? { ...question, by: 'hour' } : question)
  const go = (to: Partial<Question & { view: View }>) => void navigate({ to: '/reports', search: { view, ...question, ...to } as never, replace: true })
  return (
    <div className="page">
      <section className="page-main reports">
        <header className="page-head">
          <h1>{t('menu.reports')}</h1>
          <Period asked={question} shown={shown.data} change={go} />
        </header>
        <div className="page-head">
          <Segmented<View>
            aria-label={t('menu.reports')}
            value={view}
            options={[{ value: 'overview', label: t('report.overview') }, ...reports.map((r) => ({ value: r, label: t(`report.${r}`) }))]}
            onChange={(v) => go({ view: v })}
          />
          {view !== 'overview' && (
            <label className="by">
              {t('reports.by')}
              <select value={question.by} onChange={(e) => go({ by: e.target.value as Grouping })}>
                {groupings.map((g) => (
                  <option key={g} value={g}>
                    {t(`by.${g}`)}
                  </option>
                ))}
              </select>
            </label>
          )}
        </div>
        {view === 'overview' ? <Overview question={question} /> : <ReportTable key={view} report={view} question={question} />}
      </section>
    </div>
  )
}
