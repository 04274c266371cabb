import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { type Kind, shown } from './figures.ts'
import { useText } from './text.ts'

/** Series is one line or row of bars: what it is called, and a value for each label, null where there is none. */
export type Series = { name: string; values: (number | null)[]; as: 'bars' | 'line' | 'dashes'; colour: 'brand' | 'good' | 'warn' | 'line-strong' }

type Props = { title: string; labels: string[]; series: Series[]; kind: Kind; about: string; help?: string; tabled?: boolean }

/** Picture draws figures, for those who would rather look, and has the same in a table for everybody else, unless one stands below already. */
export function Picture({ title, labels, series, kind, about, help, tabled = false }: Props) {
  const t = useText()
  const [at, setAt] = useState<number>()
  const place = useRef<HTMLDivElement>(null)
  usePlot(place, labels, series, kind, setAt)
  const empty = !series.some((s) => s.values.some((v) => v))
  return (
    <figure className="picture">
      <figcaption>
        <h2>{title}</h2>
        {help && <p className="quiet">{help}</p>}
      </figcaption>
      <ul className="legend">
        {series.map((s) => (
          <li key={s.name}>
            <i className={`swatch ${s.as} ${s.colour}`} />
            {s.name} {at !== undefined && <b>{shown(s.values[at], kind)}</b>}
          </li>
        ))}
        <li className="quiet">{at === undefined ? '' : labels[at]}</li>
      </ul>
      <div ref={place} className="plot" role="img" aria-label={t('picture.of', { title })} />
      {empty && <p className="quiet picture-empty">{t('picture.empty')}</p>}
      {!tabled && (
        <details>
          <summary>{t('picture.table')}</summary>
          <Table title={title} labels={labels} series={series} kind={kind} about={about} />
        </details>
      )}
    </figure>
  )
}

/** Table is the figures of a picture. */
function Table({ title, labels, series, kind, about }: Props) {
  return (
    <div className="listing" role="region" tabIndex={0} aria-label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{about}</th>
            {series.map((s) => (
              <th key={s.name} scope="col">
                {s.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, i) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              {series.map((s) => (
                <td key={s.name}>{shown(s.values[i], kind)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const height = 220

/** What lies between the lines across a picture: times go by the watch, and nobody is half an agent. */
const watch = [1, 2, 5, 10, 15, 30, ...[1, 2, 5, 10, 15, 30].map((m) => m * 60), ...[1, 2, 4, 8, 12, 24, 48, 96, 168, 336, 720].map((h) => h * 3600)]
const whole = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((n) => [n, 2 * n, 5 * n])
const steps: Record<Kind, number[]> = { time: watch, count: whole, average: [0.1, 0.2, 0.5, ...whole], share: [0.1, 0.2, 0.5], stars: [0.5, 1] }

/** usePlot draws, and draws anew when the figures, the colours or the width are others. */
function usePlot(place: React.RefObject<HTMLDivElement | null>, labels: string[], series: Series[], kind: Kind, point: (at: number | undefined) => void) {
  const theme = useTheme()
  useEffect(() => {
    const box = place.current!
    const plot = new uPlot(options(box, labels, series, kind, point), [labels.map((_, i) => i), ...series.map((s) => s.values)], box)
    const resize = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height }))
    resize.observe(box)
    return () => {
      resize.disconnect()
      plot.destroy()
    }
  }, [theme, JSON.stringify([labels, series])])
}

function options(box: HTMLElement, labels: string[], series: Series[], kind: Kind, point: (at: number | undefined) => void): uPlot.Options {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue('--' + name).trim()
  const font = '12px ' + getComputedStyle(box).fontFamily
  const axis = { stroke: colour('quiet'), font, grid: { stroke: colour('line'), width: 1 }, ticks: { show: false } }
  return {
    width: box.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: false, range: [-0.5, labels.length - 0.5] }, y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, size: 32, grid: { show: false }, splits: (u) => places(labels, u.width), values: (_, at) => at.map((i) => labels[i] ?? '') },
      { ...axis, size: 64, incrs: steps[kind], values: (_, at) => at.map((v) => shown(v, kind)) },
    ],
    series: [{}, ...series.map((s) => drawn(s, colour(s.colour)))],
    hooks: { setCursor: [(u) => point(u.cursor.idx ?? undefined)] },
  }
}

/** places are the labels that are written: as many as there is room for. */
function places(labels: string[], width: number): number[] {
  const longest = Math.max(...labels.map((l) => [...l].reduce((sum, c) => sum + (c > '\u2e80' ? 13 : 7), 12)))
  const step = Math.max(1, Math.ceil((labels.length * longest) / Math.max(1, width - 70)))
  return labels.map((_, i) => i).filter((i) => i % step === 0)
}

function drawn(s: Series, colour: string): uPlot.Series {
  if (s.as === 'bars') return { stroke: colour, fill: colour, width: 0, paths: uPlot.paths.bars!({ size: [0.6, 48], radius: 0.15 }), points: { show: false } }
  return { stroke: colour, width: 2, dash: s.as === 'dashes' ? [6, 4] : [], spanGaps: false, points: { show: true, size: 6, fill: colour } }
}

/** useTheme is the theme as the style sheets have it by now. */
function useTheme(): string | undefined {
  return useSyncExternalStore(watchTheme, () => document.documentElement.dataset['theme'])
}

function watchTheme(changed: () => void): () => void {
  const watch = new MutationObserver(changed)
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => watch.disconnect()
}
