import { useNavigate, useRouterState } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import './board.css'
import { useTicking } from './clock.tsx'
import { Crew } from './crew.tsx'
import { Gauges } from './gauges.tsx'
import { Going } from './going.tsx'
import { type Look, type Tile, useBoard } from './live.ts'
import { Queues } from './queues.tsx'
import { useText } from './text.ts'
import { fill, Wall } from './wall.tsx'

const everything: Look = { state: '', skill: '', department: '' }

/** BoardPage is how the desk stands at this moment: what waits, who works, what goes on. */
export function BoardPage() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const { data: board, error, refetch } = useBoard()
  const [looked, setLooked] = useState<{ look: Look; name: string }>({ look: everything, name: '' })
  const onWall = useRouterState({ select: (s) => s.location.hash === 'wall' })
  const reads = may('conversation:read:department')
  useTicking()

  const look = (tile: Tile) => {
    setLooked({ look: { state: 'queued', skill: tile.skill?.id ?? '', department: tile.department?.id ?? '' }, name: tile.skill?.name ?? t('queue.anySkill') })
    document.getElementById('going')?.scrollIntoView()
  }
  return (
    <div className="page">
      <section className="page-main board">
        <header className="page-head">
          <h1>{t('menu.board')}</h1>
          <Button onClick={() => void fill().then(() => navigate({ to: '/board', hash: 'wall' }))}>{t('board.wall')}</Button>
        </header>
        <Refused error={error} again={() => void refetch()} />
        {!board && !error && <Ghosts />}
        {board && (
          <>
            <Gauges board={board} />
            <Queues tiles={board.tiles} look={reads ? look : undefined} />
            <Crew members={board.agents} />
          </>
        )}
        {reads && <Going look={looked.look} name={looked.name} everything={everything} change={(l) => setLooked({ look: l, name: '' })} />}
      </section>
      {onWall && board && <Wall board={board} close={() => void navigate({ to: '/board', hash: '' })} />}
    </div>
  )
}

function Ghosts() {
  return (
    <div className="gauges" aria-busy="true">
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className="ghost-box" />
      ))}
    </div>
  )
}
