import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import type { Answered, Question } from './figures.ts'
import { Picture } from './picture.tsx'
import { useReport } from './read.ts'
import { useText } from './text.ts'

const hours = Array.from({ length: 24 }, (_, i) => String(i).padStart(2, '0') + ':00')

/** Overview are pictures of what people would rather look at. */
export function Overview({ question }: { question: Question }) {
  const t = useText()
  const byHour = { ...question, by: 'hour' as const }
  const waiting = useReport('waiting', byHour)
  const load = useReport('load', byHour)
  const volume = useReport('volume', byHour)
  return (
    <div className="pictures">
      <Refused error={waiting.error ?? load.error ?? volume.error} again={() => void Promise.all([waiting.refetch(), load.refetch(), volume.refetch()])} />
      {[waiting, load, volume].map((r, i) => r.isPending && <div key={i} className="ghost-box picture-ghost" />)}
      {load.data && (
        <Picture
          title={t('picture.load')}
          help={t('picture.loadHelp')}
          about={t('by.hour')}
          labels={hours}
          kind="average"
          series={[
            { name: t('picture.held'), as: 'bars', colour: 'brand', values: column(load.data, 'taken') },
            { name: t('picture.queued'), as: 'line', colour: 'warn', values: column(load.data, 'waiting') },
          ]}
        />
      )}
      {waiting.data && (
        <Picture
          title={t('picture.waiting')}
          help={t('picture.waitingHelp')}
          about={t('by.hour')}
          labels={hours}
          kind="time"
          series={[
            { name: t('figure.median'), as: 'line', colour: 'brand', values: column(waiting.data, 'median') },
            { name: t('figure.p90'), as: 'dashes', colour: 'warn', values: column(waiting.data, 'p90') },
          ]}
        />
      )}
      {volume.data && (
        <Picture
          title={t('picture.arrivals')}
          help={t('picture.arrivalsHelp')}
          about={t('by.hour')}
          labels={hours}
          kind="count"
          series={[
            { name: t('picture.began'), as: 'bars', colour: 'brand', values: volume.data.rows.map((r) => (r.figures['opened'] ?? 0) + (r.figures['reopened'] ?? 0)) },
            { name: t('figure.abandoned'), as: 'line', colour: 'warn', values: column(volume.data, 'abandoned') },
          ]}
        />
      )}
      {useMay()('dashboard:read') && <Coverage />}
    </div>
  )
}

function column(report: Answered, field: string): (number | null)[] {
  return report.rows.map((r) => r.figures[field] ?? null)
}

/** Coverage is how many agents can do what, and how many of them are there at this moment. */
function Coverage() {
  const t = useText()
  const { data, error, refetch } = useQuery({ queryKey: ['coverage'], queryFn: () => client.get('/v1/board'), staleTime: 60_000, refetchOnWindowFocus: false })
  if (error) return <Refused error={error} again={() => void refetch()} />
  if (!data) return <div className="ghost-box picture-ghost" />
  const tiles = data.tiles.filter((tile) => tile.skill)
  const labels = tiles.map((tile, i) => (tiles.some((o, j) => j !== i && o.skill!.id === tile.skill!.id) ? `${tile.skill!.name} · ${tile.department?.name ?? '–'}` : tile.skill!.name))
  return (
    <Picture
      title={t('picture.coverage')}
      help={t('picture.coverageHelp')}
      about={t('by.skill')}
      labels={labels}
      kind="count"
      series={[
        { name: t('picture.able'), as: 'bars', colour: 'line-strong', values: tiles.map(({ agents: a }) => a.free + a.full + a.busy + a.offline) },
        { name: t('picture.there'), as: 'bars', colour: 'good', values: tiles.map(({ agents: a }) => a.free + a.full) },
      ]}
    />
  )
}
