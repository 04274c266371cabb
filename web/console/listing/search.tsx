import { Input } from 'antd'
import { useEffect, useState } from 'react'

/** Search asks for what is searched for, and tells of it when the typing rests. */
export function Search({ label, first, change }: { label: string; first?: string | undefined; change: (text: string) => void }) {
  const [text, setText] = useState(first ?? '')
  useEffect(() => {
    const rest = setTimeout(() => change(text.trim()), 250)
    return () => clearTimeout(rest)
  }, [text, change])
  return <Input.Search className="search" value={text} onChange={(e) => setText(e.target.value)} onSearch={() => change(text.trim())} placeholder={label} aria-label={label} allowClear />
}
