import { useReport } from './read.ts'
import type { Question, Report } from './figures.ts'
import { useText } from './text.ts'

const spans = [1, 7, 30, 90] as const
const day = 86_400_000

/** Period chooses the days. Without any, the server takes the last seven, on the tenant's clocks, and says which they are. */
export function Period({ of, question, change }: { of: Report; question: Question; change: (to: Partial<Question>) => void }) {
  const t = useText()
  const { data } = useReport(of, question) // what the page shows beside
  const from = question.from || data?.from || ''
  const to = question.to || data?.to || ''
  const days = from && to ? Math.round((Date.parse(to) - Date.parse(from)) / day) + 1 : 0

  function span(count: number) {
    const last = to || new Date().toISOString().slice(0, 10)
    change({ from: new Date(Date.parse(last) - (count - 1) * day).toISOString().slice(0, 10), to: last })
  }
  return (
    <div className="period">
      <label>
        {t('period.span')}
        <select value={spans.find((s) => s === days) ?? ''} onChange={(e) => e.target.value && span(Number(e.target.value))}>
          {spans.map((s) => (
            <option key={s} value={s}>
              {t('period.days', { count: s })}
            </option>
          ))}
          <option value="">{t('period.other')}</option>
        </select>
      </label>
      <label>
        {t('period.from')}
        <input type="date" value={from} max={to} onChange={(e) => e.target.value && change({ from: e.target.value, to })} />
      </label>
      <label>
        {t('period.to')}
        <input type="date" value={to} min={from} onChange={(e) => e.target.value && change({ from, to: e.target.value })} />
      </label>
    </div>
  )
}
