import type { paths } from '../../shared/api/schema.d.ts'
import { stopwatch } from '../board/clock.tsx'
import { client } from '../app.ts'

/** The reports, as docs/reports.md says what their figures mean. */
export const reports = ['first-response', 'waiting', 'resolution', 'ratings', 'volume'] as const
export type Report = (typeof reports)[number]

/** Grouping is what the rows of a report are about. */
export const groupings = ['day', 'hour', 'agent', 'department', 'skill'] as const
export type Grouping = (typeof groupings)[number]

/** Question is what a report is asked: about which days, '' for the last seven, and in which rows. */
export type Question = { from: string; to: string; by: Grouping }

/** Kind is what a figure is: how many, how many at once on average, how long in seconds, how large a share, or how many stars. */
export type Kind = 'count' | 'average' | 'time' | 'share' | 'stars'
type Value = number | null | undefined

/** The figures of a report in the order of their columns, each with what it counts. */
const times: [string, Kind][] = [['count', 'count'], ['average', 'time'], ['median', 'time'], ['p90', 'time'], ['within', 'count'], ['missed', 'count'], ['share', 'share']]
export const fields: Record<Report, [string, Kind][]> = {
  'first-response': times,
  'waiting': times,
  'resolution': times,
  'ratings': [['resolved', 'count'], ['rated', 'count'], ['share', 'share'], ['average', 'stars'], ['1', 'count'], ['2', 'count'], ['3', 'count'], ['4', 'count'], ['5', 'count']],
  'volume': [['opened', 'count'], ['reopened', 'count'], ['resolved', 'count'], ['abandoned', 'count'], ['open', 'count']],
}

/** shown is a figure as a table has it, '–' for what is not known. */
export function shown(value: Value, kind: Kind): string {
  if (value === null || value === undefined) return '–'
  switch (kind) {
    case 'time':
      return stopwatch(value)
    case 'share':
      return Math.round(value * 100) + '%'
    case 'average':
      return value >= 10 ? value.toFixed(0) : Number(value.toFixed(2)).toString()
    case 'stars':
      return value.toFixed(1)
  }
  return String(value)
}

/** Figures are the values of a row by field. */
export type Figures = Record<string, Value>
export type Row = { key: { date: string | null; hour: number | null; id: string | null; name: string | null }; figures: Figures }
export type Answered = { from: string; to: string; by: string; time_zone: string; at: string; rows: Row[]; sums: Figures }

/** ask reads a report. Its scores become a figure each. */
export async function ask(report: Report | 'load', question: Question): Promise<Answered> {
  const path = `/v1/reports/${report}` as '/v1/reports/ratings'
  const answer = await client.get(path, { query: question as paths['/v1/reports/ratings']['get']['parameters']['query'] & object })
  const flat = ({ scores, ...rest }: Record<string, unknown>) => ({ ...rest, ...Object.fromEntries(((scores as number[]) ?? []).map((n, i) => [String(i + 1), n])) }) as Figures
  return { ...answer, rows: answer.rows.map((r) => ({ key: r.key, figures: flat(r.figures) })), sums: flat(answer.sums) }
}
