import { Button } from 'antd'
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from 'react'
import { leave } from '../shell/draft.ts'
import { useText } from '../text.ts'

type Props = { label: string; title: ReactNode; close: () => void; children: ReactNode }

/** Panel shows one thing beside the list that it is in. It takes the focus when it opens, and gives it back. */
export function Panel({ label, title, close, children }: Props) {
  const t = useText()
  const frame = useRef<HTMLElement>(null)
  const head = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    const before = document.activeElement
    const here = frame.current
    head.current?.focus()
    return () => {
      if (here?.contains(document.activeElement) && before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  function onKeyDown(e: KeyboardEvent) {
    const at = e.target as HTMLElement
    // What a dialog above it hears is not meant for it, nor what a field hears: that closes a list, or means to undo what was typed.
    if (e.key === 'Escape' && frame.current?.contains(at) && !at.matches('input, textarea, select')) leave(close)
  }
  return (
    <aside ref={frame} className="panel" aria-label={label} onKeyDown={onKeyDown}>
      <header>
        <h2 ref={head} tabIndex={-1}>
          {title}
        </h2>
        <Button size="small" onClick={() => leave(close)}>
          {t('close')}
        </Button>
      </header>
      {children}
    </aside>
  )
}
