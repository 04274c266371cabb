import { useEffect } from 'react'
import { Store } from '../../shared/store.ts'
import { useStore } from '../app.ts'

/** clock is the time at the server, as far as one knows: that of this machine may be wrong, and what waits is shown to the second. */
const clock = new Store({ now: Date.now(), ahead: 0 })

/** setClock takes the time from an answer that was just given. */
export function setClock(at: string) {
  const now = Date.parse(at)
  clock.set({ now, ahead: now - Date.now() })
}

/** useTicking keeps the clock going while a page shows it. */
export function useTicking() {
  useEffect(() => {
    const timer = setInterval(() => clock.set({ now: Date.now() + clock.get().ahead }), 1000)
    return () => clearInterval(timer)
  }, [])
}

/** useSeconds is how long something is past by now; undefined where nothing is. */
export function useSeconds(since: string | null | undefined): number | undefined {
  const { now } = useStore(clock)
  return since ? Math.max(0, Math.floor((now - Date.parse(since)) / 1000)) : undefined
}

/** stopwatch is a time as a watch shows it: 0:07, 12:30, 1:02:03. */
export function stopwatch(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const whole = Math.round(seconds)
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** Since is how long something is past, and goes on. */
export function Since({ at }: { at: string | null | undefined }) {
  const seconds = useSeconds(at)
  return <span className="ticking">{seconds === undefined ? '–' : stopwatch(seconds)}</span>
}
