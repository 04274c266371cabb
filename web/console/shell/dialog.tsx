import { Modal } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'

type Props = { title: string; width?: number; close: () => void; children: ReactNode }

/** Dialog asks for something above the page, and gives the focus back to where it came from. */
export function Dialog({ title, width = 520, close, children }: Props) {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    },
    [before],
  )
  return (
    <Modal open title={title} width={width} footer={null} onCancel={close} mask={{ closable: false }}>
      {children}
    </Modal>
  )
}
