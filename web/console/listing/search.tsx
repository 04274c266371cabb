import { Input } from 'antd'
import { useEffect, useEffectEvent, useRef, useState } from 'react'

/** Search asks for what is searched for, and tells of it when the typing rests. */
export function Search({ label, first, change }: { label: string; first?: string | undefined; change: (text: string) => void }) {
  const [text, setText] = useState(first ?? '')
  const told = useRef(text.trim())
  function tell(typed: string) {
    if (told.current === typed.trim()) return
    told.current = typed.trim()
    change(told.current)
  }
  const rested = useEffectEvent(() => tell(text)) // whoever listens by then
  useEffect(() => {
    const rest = setTimeout(() => rested(), 250)
    return () => clearTimeout(rest)
  }, [text])
  return <Input.Search className="search" value={text} onChange={(e) => setText(e.target.value)} onSearch={tell} placeholder={label} aria-label={label} allowClear />
}
