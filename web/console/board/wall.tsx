import { Button } from 'antd'
import { useLayoutEffect, useRef } from 'react'
import { idle, useStore } from '../app.ts'
import { standing } from '../shell/standing.ts'
import { Gauges } from './gauges.tsx'
import type { Board } from './live.ts'
import { Queues } from './queues.tsx'
import { useText } from './text.ts'

/** fill has the browser give the board the whole screen, where it may. The wall fills the window in any case. */
export async function fill() {
  await document.documentElement.requestFullscreen?.().catch(() => undefined)
}

type Props = { board: Board; close: () => void }

/**
 * Wall is the board for a screen on a wall, where strangers see it: figures and queues, nobody's name. Where the page is
 * covered already it is not drawn; one that stood before goes on standing until the first deed.
 */
export function Wall(props: Props) {
  const { covered } = useStore(idle.store)
  const { wall } = useStore(standing)
  return covered && !wall ? null : <Standing {...props} />
}

function Standing({ board, close }: Props) {
  const t = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    dialog.current?.showModal()
    standing.set({ wall: true })
    const fall = () => idle.store.get().covered && standing.set({ wall: false })
    const look = () => {
      if (document.fullscreenElement) return
      fall()
      close()
    }
    for (const deed of ['keydown', 'pointerdown'] as const) addEventListener(deed, fall, { capture: true })
    document.addEventListener('fullscreenchange', look)
    return () => {
      for (const deed of ['keydown', 'pointerdown'] as const) removeEventListener(deed, fall, { capture: true })
      document.removeEventListener('fullscreenchange', look)
      standing.set({ wall: false })
      if (document.fullscreenElement) void document.exitFullscreen()
    }
  }, [])
  return (
    <dialog ref={dialog} className="wall" aria-label={t('board.wall')} onClose={close}>
      <Button className="wall-close" onClick={close}>
        {t('board.wallEnd')}
      </Button>
      <Gauges board={board} />
      <Queues tiles={board.tiles} />
    </dialog>
  )
}
