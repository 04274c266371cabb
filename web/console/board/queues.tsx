import { Button } from 'antd'
import { Since, useSeconds } from './clock.tsx'
import { ofWait } from './level.ts'
import type { Tile } from './live.ts'
import { useText } from './text.ts'

/** Queues are the queues by skill and department, in an order that never changes by itself. */
export function Queues({ tiles, look }: { tiles: Tile[]; look?: ((of: Tile) => void) | undefined }) {
  const t = useText()
  return (
    <section aria-labelledby="queues">
      <h2 id="queues">{t('queue.title')}</h2>
      {tiles.length === 0 && <p className="quiet">{t('queue.none')}</p>}
      <ul className="tiles">
        {tiles.map((tile) => (
          <Queue key={`${tile.skill?.id} ${tile.department?.id}`} tile={tile} look={look} />
        ))}
      </ul>
    </section>
  )
}

function Queue({ tile, look }: { tile: Tile; look?: ((of: Tile) => void) | undefined }) {
  const t = useText()
  const { waiting, agents } = tile
  const level = ofWait(useSeconds(waiting.since))
  const name = tile.skill?.name ?? t('queue.anySkill')
  return (
    <li className={'tile level-' + level}>
      <header>
        <h3>{name}</h3>
        <span className="quiet cut">{tile.department?.name ?? t('queue.noDepartment')}</span>
      </header>
      <p className="tile-figures">
        <b>{waiting.count}</b> <span>{t('queue.waiting')}</span>
        {waiting.since && (
          <span className="tile-longest">
            {t('queue.longest')} <Since at={waiting.since} />
          </span>
        )}
        {level !== 'fine' && <i className={level === 'bad' ? 'chip bad' : 'chip queued'}>{t(`level.${level}`)}</i>}
      </p>
      <footer className="quiet">
        <span>{t('queue.agents', { free: agents.free, full: agents.full, busy: agents.busy, offline: agents.offline })}</span>
        {look && waiting.count > 0 && (
          <Button size="small" type="link" aria-label={t('queue.lookAt', { name })} onClick={() => look(tile)}>
            {t('queue.look')}
          </Button>
        )}
      </footer>
    </li>
  )
}
