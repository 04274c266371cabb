import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useState } from 'react'
import type { CannedReply } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { useText } from './text.ts'

/** CannedHandle lets the composer, which keeps the focus, pass keys on: true when one was obeyed. */
export type CannedHandle = { press: (e: KeyboardEvent) => boolean }
type Props = { q: string; choose: (reply: CannedReply) => void; close: () => void; ref: Ref<CannedHandle> }

/** Canned lists the replies for what stands behind the /, with what the chosen one would say. */
export function Canned({ q, choose, close, ref }: Props) {
  const t = useText()
  const [at, setAt] = useState(0)
  const { data } = useQuery({
    queryKey: ['canned', q],
    queryFn: () => client.get('/v1/canned-replies', { query: { q, limit: 8 } }),
    placeholderData: (before) => before,
  })
  const items = data?.items ?? []
  const current = items[Math.min(at, items.length - 1)]
  useEffect(() => setAt(0), [q])
  useImperativeHandle(ref, () => ({
    press(e) {
      if (e.key === 'Escape') close()
      else if (e.key === 'ArrowDown') setAt((n) => (n + 1) % Math.max(items.length, 1))
      else if (e.key === 'ArrowUp') setAt((n) => (n - 1 + items.length) % Math.max(items.length, 1))
      else if ((e.key === 'Enter' || e.key === 'Tab') && current) choose(current)
      else return false
      e.preventDefault()
      return true
    },
  }))
  return (
    <div className="canned">
      <ul id="canned" role="listbox" aria-label={t('canned.title')}>
        {items.map((r) => (
          <li key={r.id} role="option" aria-selected={r === current} onPointerDown={(e) => (e.preventDefault(), choose(r))}>
            <b className="cut">{r.title}</b>
            {r.shortcut && <kbd>/{r.shortcut}</kbd>}
          </li>
        ))}
        {data && items.length === 0 && (
          <li role="option" aria-selected="false" aria-disabled="true">
            {t('canned.none')}
          </li>
        )}
      </ul>
      {current && <p className="canned-preview">{current.body}</p>}
    </div>
  )
}
