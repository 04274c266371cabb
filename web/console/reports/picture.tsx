import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useText } from './text.ts'

/** Series is one line or row of bars: what it is called, and a value for each label, null where there is none. */
export type Series = { name: string; values: (number | null)[]; as: 'bars' | 'line' | 'dashes'; colour: 'brand' | 'good' | 'warn' | 'line-strong' }

type Props = { title: string; labels: string[]; series: Series[]; shown: (value: number) => string; about: string; help?: string }

/** Picture draws figures, for those who would rather look, and has the same in a table for everybody else. */
export function Picture({ title, labels, series, shown, about, help }: Props) {
  const t = useText()
  const [at, setAt] = useState<number>()
  const place = useRef<HTMLDivElement>(null)
  usePlot(place, labels, series, shown, setAt)
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
            {s.name} {at !== undefined && <b>{s.values[at] == null ? '–' : shown(s.values[at])}</b>}
          </li>
        ))}
        <li className="quiet">{at === undefined ? '' : labels[at]}</li>
      </ul>
      <div ref={place} className="plot" role="img" aria-label={t('picture.of', { title })} />
      {empty && <p className="quiet picture-empty">{t('picture.empty')}</p>}
      <details>
        <summary>{t('picture.table')}</summary>
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
                    <td key={s.name}>{s.values[i] == null ? '–' : shown(s.values[i])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  )
}

const height = 220

/** usePlot draws, and draws anew when the figures, the colours or the width are others. */
function usePlot(place: React.RefObject<HTMLDivElement | null>, labels: string[], series: Series[], shown: (value: number) => string, point: (at: number | undefined) => void) {
  const theme = useTheme()
  useEffect(() => {
    const box = place.current!
    const plot = new uPlot(options(box, labels, series, shown, point), [labels.map((_, i) => i), ...series.map((s) => s.values)], box)
    const resize = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height }))
    resize.observe(box)
    return () => {
      resize.disconnect()
      plot.destroy()
    }
  }, [theme, JSON.stringify([labels, series])])
}

function options(box: HTMLElement, labels: string[], series: Series[], shown: (value: number) => string, point: (at: number | undefined) => void): uPlot.Options {
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
      { ...axis, grid: { show: false }, splits: (u) => places(labels, u.width), values: (_, at) => at.map((i) => labels[i] ?? '') },
      { ...axis, size: 64, values: (_, at) => at.map(shown) },
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
