import { Button } from 'antd'
import { saveBlob } from '../../shared/desk/file.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { type Answered, fields, type Grouping, type Question, type Report, type Row, shown } from './figures.ts'
import { Picture, type Series } from './picture.tsx'
import { useReport } from './read.ts'
import { useLanguage, useText } from './text.ts'

/** ReportTable is one report: drawn, in figures, and as a file for whoever may take it away. */
export function ReportTable({ report, question }: { report: Report; question: Question }) {
  const t = useText()
  const language = useLanguage()
  const { data, error, refetch, isPending } = useReport(report, question)
  return (
    <>
      <Refused error={error} again={() => void refetch()} />
      {isPending && <div className="ghost-box picture-ghost" />}
      {data && (
        <>
          <Drawn report={report} data={data} />
          <header className="page-head">
            <p className="quiet report-at">{t('reports.at', { from: data.from, to: data.to, zone: data.time_zone, at: exact(data.at, language) })}</p>
            <Export report={report} question={{ ...question, from: data.from, to: data.to }} />
          </header>
          <Table report={report} data={data} />
        </>
      )}
    </>
  )
}

/** useLabel names a row: a day, an hour, or what has a name. */
function useLabel() {
  const t = useText()
  return ({ key }: Row) => key.date ?? (key.hour !== null ? String(key.hour).padStart(2, '0') + ':00' : (key.name ?? t('reports.nobody')))
}

function Table({ report, data }: { report: Report; data: Answered }) {
  const t = useText()
  const label = useLabel()
  return (
    <div className="listing figures" role="region" tabIndex={0} aria-label={t(`report.${report}`)}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t(`by.${data.by as Grouping}`)}</th>
            {fields[report].map(([field, kind]) => (
              <th key={field} scope="col">
                {t(kind === 'stars' ? 'figure.stars' : `figure.${field as 'count'}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map((r) => (
            <tr key={r.key.date ?? r.key.hour ?? r.key.id ?? ''}>
              <th scope="row">{label(r)}</th>
              {fields[report].map(([field, kind]) => (
                <td key={field}>{shown(r.figures[field], kind)}</td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('reports.sums')}</th>
            {fields[report].map(([field, kind]) => (
              <td key={field}>{shown(data.sums[field], kind)}</td>
            ))}
          </tr>
        </tfoot>
      </table>
      {data.rows.length === 0 && <p className="empty quiet">{t('picture.empty')}</p>}
    </div>
  )
}

/** What is drawn of each report. */
const drawn: Record<Report, [field: string, as: Series['as'], colour: Series['colour']][]> = {
  'first-response': [['median', 'line', 'brand'], ['p90', 'dashes', 'warn']],
  'waiting': [['median', 'line', 'brand'], ['p90', 'dashes', 'warn']],
  'resolution': [['median', 'line', 'brand'], ['p90', 'dashes', 'warn']],
  'ratings': [['average', 'bars', 'brand']],
  'volume': [['opened', 'bars', 'brand'], ['resolved', 'line', 'good'], ['abandoned', 'dashes', 'warn']],
}

function Drawn({ report, data }: { report: Report; data: Answered }) {
  const t = useText()
  const label = useLabel()
  const kind = (field: string) => fields[report].find(([f]) => f === field)![1]
  const first = drawn[report][0]![0]
  const overTime = data.by === 'day' || data.by === 'hour'
  return (
    <Picture
      tabled
      title={t(`report.${report}`)}
      about={t(`by.${data.by as Grouping}`)}
      labels={data.rows.map(label)}
      kind={kind(first)}
      series={drawn[report]
        .filter((_, i) => overTime || i === 0) // between people and queues nothing leads from one to the next
        .map(([field, as, colour]) => ({
          name: t(kind(field) === 'stars' ? 'figure.stars' : `figure.${field as 'count'}`),
          as: overTime ? as : 'bars',
          colour,
          values: data.rows.map((r) => r.figures[field] ?? null),
        }))}
    />
  )
}

function Export({ report, question }: { report: Report; question: Question }) {
  const t = useText()
  const deed = useDeed()
  if (!useMay()('report:export')) return null
  const query = new URLSearchParams(question)
  const save = async () => saveBlob(await client.blob(`/v1/reports/${report}/export?${query}`), `${report}_${question.from}_${question.to}_by_${question.by}.csv`)
  return (
    <>
      <Button loading={deed.busy} onClick={() => void deed.act(save)}>
        {t('reports.export')}
      </Button>
      <Refused error={deed.error} />
    </>
  )
}
