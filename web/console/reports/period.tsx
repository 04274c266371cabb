import { useText } from './text.ts'

const spans = [1, 7, 30, 90] as const
const day = 86_400_000

/** Days are the first and the last of some, '' where that is left to the server. */
export type Days = { from: string; to: string }

type Props = { asked: Days; shown: Days | undefined; change: (to: Days) => void }

/** Period chooses the days. Where none are asked for, the server takes the last seven, on the tenant's clocks, and what is shown says which they are. */
export function Period({ asked, shown, change }: Props) {
  const t = useText()
  const from = asked.from || shown?.from || ''
  const to = asked.to || shown?.to || ''
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
