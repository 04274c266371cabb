import type { Reach } from './lines.ts'
import { useText } from './text.ts'

/** Progress says how far the server is: rows are written, then the whole is judged. */
export function Progress({ dry, reach }: { dry: boolean; reach: Reach | undefined }) {
  const t = useText()
  const written = reach?.phase === 'rows' && t('import.rows', { done: reach.done, total: reach.total })
  const said = !reach ? t('import.reading') : written || t('import.check', { total: reach.total })
  return (
    <div className="stack progress">
      <label>
        <span role="status">{said}</span>
        {reach?.phase === 'rows' ? <progress value={reach.done} max={reach.total} /> : <progress />}
      </label>
      {!dry && <p className="quiet">{t('import.stay')}</p>}
    </div>
  )
}
