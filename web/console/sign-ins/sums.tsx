import type { Report } from './read.ts'
import { useText } from './text.ts'

const figures = ['succeeded', 'failed', 'challenged', 'new_devices', 'bursts'] as const

/** Sums are what all of the days come to. */
export function Sums({ of }: { of: Report['sums'] }) {
  const t = useText()
  return (
    <dl className="sums">
      {figures.map((f) => (
        <div key={f}>
          <dt title={t(`signInHelp.${f}`)}>{t(`signIn.${f}`)}</dt>
          <dd>{of[f]}</dd>
        </div>
      ))}
    </dl>
  )
}
