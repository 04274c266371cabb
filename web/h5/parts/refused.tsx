import { toProblem } from '../../shared/api/problem.ts'
import { refusal } from '../../shared/text/refusal.ts'
import { t } from '../text.ts'

/** Refused says what went wrong, and offers to try again where that may help. */
export function Refused({ error, again }: { error: unknown; again?: () => void }) {
  if (!error) return null
  const { title, detail } = refusal(toProblem(error), t)
  return (
    <div class="refused" role="alert">
      <strong>{title}</strong>
      {detail && <span>{detail}</span>}
      {again && (
        <button type="button" class="quiet" onClick={again}>
          {t('retry')}
        </button>
      )}
    </div>
  )
}
