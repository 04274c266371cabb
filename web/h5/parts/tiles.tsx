import { client, useAsync } from '../app.ts'
import { t } from '../text.ts'
import { Refused } from './refused.tsx'

const pictures: Record<string, string> = {
  computer: 'M4 5h16v10H4zM2 19h20',
  software: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  peripheral: 'M7 8V3h10v5M5 17H3V8h18v9h-2M7 13h10v8H7z',
  network: 'M12 20h.01M8.5 16.5a5 5 0 0 1 7 0M5 13a10 10 0 0 1 14 0M2 9a15 15 0 0 1 20 0',
  security: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z',
  asset: 'M3 8l9-5 9 5v9l-9 5-9-5zM3 8l9 5 9-5M12 13v9',
  other: 'M5 11.4a.6.6 0 1 0 .01 0M12 11.4a.6.6 0 1 0 .01 0M19 11.4a.6.6 0 1 0 .01 0',
}

/** skills are read once: they change about never. */
let known: ReturnType<typeof readSkills> | undefined
const readSkills = () => client.get('/v1/skills', { query: { active: 'true', limit: 100 } }).then((page) => page.items)

export function useSkills() {
  return useAsync(() => {
    known ??= readSkills()
    known.catch(() => (known = undefined))
    return known
  }, 'skills')
}

/** Tiles are the kinds of problems, large enough for a thumb. */
export function Tiles({ choose, chosen }: { choose: (id: string) => void; chosen?: string | undefined }) {
  const { value, error, again } = useSkills()
  if (error) return <Refused error={error} again={again} />
  return (
    <ul class="tiles" aria-label={t('ask.skill')}>
      {value
        ? value.map((s) => (
            <li key={s.id}>
              <button type="button" class="tile" aria-pressed={chosen === undefined ? undefined : chosen === s.id} onClick={() => choose(s.id)}>
                <svg viewBox="0 0 24 24" aria-hidden="true">
                  <path d={pictures[s.id] ?? pictures['other']} />
                </svg>
                {s.name}
              </button>
            </li>
          ))
        : <GhostTiles />}
    </ul>
  )
}

/** GhostTiles are their shapes. */
export function GhostTiles() {
  return <>{Array.from({ length: 7 }, (_, i) => <li key={i} class="tile ghost" />)}</>
}
