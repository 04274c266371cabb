import { toProblem } from '../../shared/api/problem.ts'
import { Refused } from '../shell/refused.tsx'
import type { Report } from './lines.ts'
import { type BadCell, badCells } from './tables.ts'
import { useText } from './text.ts'

/** ReportShown is what became of a file, or would. */
export function ReportShown({ report: r }: { report: Report }) {
  const t = useText()
  const bad = r.errors_total > 0
  return (
    <div className="stack" role="status">
      <strong className={bad ? 'bad' : 'good'}>{bad ? t('import.bad', { count: r.errors_total }) : r.dry_run ? t('import.good') : t('import.done')}</strong>
      <dl className="counts">
        {(['rows', 'created', 'changed', 'unchanged'] as const).map((what) => (
          <div key={what}>
            <dt>{t(`import.count.${what}`)}</dt>
            <dd>{r[what]}</dd>
          </div>
        ))}
      </dl>
      {r.passwords_to_change > 0 && <p>{t('import.passwords', { count: r.passwords_to_change })}</p>}
      {r.ignored_columns.length > 0 && (
        <p>
          {t('import.ignored')}{' '}
          {r.ignored_columns.map((c) => (
            <code key={c}>{c} </code>
          ))}
        </p>
      )}
      <BadRows cells={r.errors} all={r.errors_total} />
    </div>
  )
}

/** RefusedFile is why a file was not taken, with the places of what is wrong with it. */
export function RefusedFile({ error }: { error: unknown }) {
  const t = useText()
  const cells = badCells(toProblem(error))
  if (cells.length === 0) return <Refused error={error} />
  return (
    <div className="stack" role="alert">
      <strong className="bad">{toProblem(error).message}</strong>
      <p>{t('import.nothing')}</p>
      <BadRows cells={cells} all={cells.length} />
    </div>
  )
}

function BadRows({ cells, all }: { cells: BadCell[]; all: number }) {
  const t = useText()
  if (cells.length === 0) return null
  return (
    <div className="listing bad-rows" role="region" aria-label={t('import.badRows')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('import.row')}</th>
            <th scope="col">{t('import.column')}</th>
            <th scope="col">{t('import.why')}</th>
          </tr>
        </thead>
        <tbody>
          {cells.map((c, i) => (
            <tr key={i}>
              <td>{c.row}</td>
              <td>{c.column ? <code>{c.column}</code> : t('import.wholeRow')}</td>
              <td className="why">{c.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {all > cells.length && <p className="empty quiet">{t('import.moreBad', { count: all - cells.length })}</p>}
    </div>
  )
}
