import { Modal } from 'antd'
import { useEffect, useRef } from 'react'
import { idle } from '../app.ts'
import { type Text, useText } from './text.ts'

/** useKeys obeys shortcuts, named by the place of the key: "Alt+KeyJ". Never while an input method is composing, or the page is covered. */
export function useKeys(deeds: Record<string, () => void>) {
  const latest = useRef(deeds)
  latest.current = deeds
  useEffect(() => {
    function press(e: KeyboardEvent) {
      if (idle.store.get().covered || e.isComposing || e.keyCode === 229 || e.defaultPrevented) return
      const typing = e.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)
      const name = e.key === '?' && !typing ? '?' : [e.ctrlKey || e.metaKey ? 'Ctrl' : '', e.altKey ? 'Alt' : '', e.code].filter(Boolean).join('+')
      const deed = latest.current[name]
      if (!deed) return
      e.preventDefault()
      deed()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

const known: [string, Text][] = [
  ['Alt+J', 'keys.next'],
  ['Alt+K', 'keys.previous'],
  ['Alt+1 … 9', 'keys.jump'],
  ['Alt+U', 'keys.urgent'],
  ['Ctrl+K', 'keys.search'],
  ['Alt+L', 'compose.text'],
  ['Alt+P', 'compose.note'],
  ['Ctrl+Enter', 'keys.send'],
  ['Alt+E', 'do.resolve'],
  ['Ctrl+Alt+E', 'do.resolveNext'],
  ['Alt+T', 'do.transfer'],
  ['Alt+H', 'do.hold'],
  ['?', 'keys.help'],
]

/** Keys lists the shortcuts. */
export function Keys({ open, close }: { open: boolean; close: () => void }) {
  const t = useText()
  return (
    <Modal open={open} onCancel={close} footer={null} title={t('keys.title')}>
      <dl className="keys">
        {known.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
