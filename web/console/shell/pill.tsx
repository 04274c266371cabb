import { useEffect, useState } from 'react'
import { feed } from '../app.ts'
import { useText } from '../text.ts'

/** Pill says that the line is lost, after a moment, and for a moment that it is back. */
export function Pill() {
  const t = useText()
  const [line, setLine] = useState(feed.line)
  const [shown, setShown] = useState(false)
  useEffect(() => feed.watch(setLine), [])
  useEffect(() => {
    const good = line === 'live' || line === 'polling'
    const timer = setTimeout(() => setShown(!good), good ? 1500 : 1200)
    return () => clearTimeout(timer)
  }, [line])
  return (
    <div className="pill-place" role="status">
      {shown && <span className="pill">{t(`connection.${line}`)}</span>}
    </div>
  )
}
