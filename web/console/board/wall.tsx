import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { Gauges } from './gauges.tsx'
import type { Board } from './live.ts'
import { Queues } from './queues.tsx'
import { useText } from './text.ts'

/** fill has the browser give the board the whole screen, where it may. The wall fills the window in any case. */
export async function fill() {
  await document.documentElement.requestFullscreen?.().catch(() => undefined)
}

/** Wall is the board for a screen on a wall, where strangers see it: figures and queues, nobody's name. */
export function Wall({ board, close }: { board: Board; close: () => void }) {
  const t = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
    const look = () => !document.fullscreenElement && close()
    document.addEventListener('fullscreenchange', look)
    return () => {
      document.removeEventListener('fullscreenchange', look)
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
