import { stopwatch, useSeconds } from './clock.tsx'
import { type Level, ofLeft, ofPromise, ofWait } from './level.ts'
import type { Board } from './live.ts'
import { useText } from './text.ts'

/** Gauges are the figures that one looks at first, each with a word where it needs somebody. */
export function Gauges({ board: { waiting, open, slots, today, groups } }: { board: Board }) {
  const t = useText()
  const longest = useSeconds(waiting.since)
  const left = today.began > 0 ? today.abandoned / today.began : undefined
  return (
    <section className="gauges" aria-label={t('board.gauges')}>
      <Gauge name={t('gauge.waiting')} value={waiting.count} />
      <Gauge name={t('gauge.longest')} value={longest === undefined ? '–' : stopwatch(longest)} level={ofWait(longest)} />
      <Gauge name={t('gauge.level')} value={percent(today.service_level)} level={ofPromise(today.service_level)} note={t('gauge.levelNote')} />
      <Gauge name={t('gauge.left')} value={percent(left ?? null)} level={ofLeft(left)} note={t('gauge.leftNote', { left: today.abandoned, began: today.began })} />
      <Gauge name={t('gauge.first')} value={today.first_response === null ? '–' : stopwatch(today.first_response)} note={t('gauge.firstNote', { count: today.answered })} />
      <Gauge name={t('gauge.open')} value={open.active + open.on_hold} note={t('gauge.openNote', { held: slots.held, total: slots.total, parked: open.parked })} />
      <Gauge name={t('gauge.rating')} value={today.rating === null ? '–' : today.rating.toFixed(1)} note={t('gauge.ratingNote', { count: today.rated })} />
      <Gauge name={t('gauge.agents')} value={groups.free} note={t('gauge.agentsNote', { full: groups.full, busy: groups.busy, offline: groups.offline })} />
    </section>
  )
}

type Props = { name: string; value: string | number; level?: Level; note?: string }

function Gauge({ name, value, level = 'fine', note }: Props) {
  const t = useText()
  return (
    <div className={'gauge level-' + level}>
      <h2>{name}</h2>
      <b>{value}</b>
      <small>
        {level !== 'fine' && <i className={level === 'bad' ? 'chip bad' : 'chip queued'}>{t(`level.${level}`)}</i>} {note}
      </small>
    </div>
  )
}

function percent(share: number | null): string {
  return share === null ? '–' : Math.round(share * 100) + '%'
}
