import { Button } from 'antd'
import { toProblem } from '../../shared/api/problem.ts'
import { refusal } from '../../shared/text/refusal.ts'
import { useText } from '../text.ts'

type Props = { error: unknown; again?: () => void; kept?: boolean }

/**
 * Refused says what went wrong, what is missing, and offers to try again where that may help. kept is for forms that go on
 * over what somebody else has made of it meanwhile.
 */
export function Refused({ error, again, kept }: Props) {
  const t = useText()
  if (!error) return null
  const problem = toProblem(error)
  const { title, detail } = refusal(problem, t)
  return (
    <div className="refused" role="alert">
      <strong>{title}</strong>
      {detail && <span>{detail}</span>}
      {kept && problem.code === 'stale_version' && <span>{t('refused.kept')}</span>}
      {problem.status >= 500 && problem.body.request && <small>{t('refused.request', { request: problem.body.request })}</small>}
      {again && (
        <Button size="small" onClick={again}>
          {t('retry')}
        </Button>
      )}
    </div>
  )
}
