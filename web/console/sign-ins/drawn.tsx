import { Picture } from '../reports/picture.tsx'
import type { Report } from './read.ts'
import { useText } from './text.ts'

type Figure = Exclude<keyof Report['sums'], 'reasons'>

/** Failures are what did not go well, with a scale of their own: a flood of them would leave nothing to see of the rest. */
export function Failures({ report }: { report: Report }) {
  const t = useText()
  return (
    <Picture
      title={t('signIns.bad')}
      help={t('signIns.badHelp')}
      about={t(`by.${report.by}`)}
      labels={labels(report)}
      kind="count"
      series={[
        { name: t('signIn.failed'), as: 'bars', colour: 'warn', values: values(report, 'failed') },
        { name: t('signIn.bursts'), as: 'dashes', colour: 'brand', values: values(report, 'bursts') },
      ]}
    />
  )
}

/** Successes are what did. */
export function Successes({ report }: { report: Report }) {
  const t = useText()
  return (
    <Picture
      title={t('signIns.good')}
      help={t('signIns.goodHelp')}
      about={t(`by.${report.by}`)}
      labels={labels(report)}
      kind="count"
      series={[
        { name: t('signIn.succeeded'), as: 'bars', colour: 'brand', values: values(report, 'succeeded') },
        { name: t('signIn.new_devices'), as: 'line', colour: 'good', values: values(report, 'new_devices') },
      ]}
    />
  )
}

function labels({ rows }: Report): string[] {
  return rows.map(({ key }) => key.date ?? String(key.hour).padStart(2, '0') + ':00')
}

function values({ rows }: Report, figure: Figure): number[] {
  return rows.map((r) => r.figures[figure])
}
