import { Modal } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useDraft } from './draft.ts'

type Props = { title: string; width?: number; once?: boolean; close: () => void; children: ReactNode }

/** useFocusBack gives the focus back to where it came from, once what has it is gone. */
export function useFocusBack() {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    },
    [before],
  )
}

/**
 * Dialog asks for something above the page, and gives the focus back to where it came from. A stray click
 * does not close it, nor does Escape once something was typed, or where something is shown this once.
 */
export function Dialog({ title, width = 520, once = false, close, children }: Props) {
  const [typed, setTyped] = useState(false)
  useDraft(typed)
  useFocusBack()
  return (
    <Modal open title={title} width={width} footer={null} onCancel={close} mask={{ closable: false }} keyboard={!once && !typed}>
      <div onInput={() => setTyped(true)}>{children}</div>
    </Modal>
  )
}
