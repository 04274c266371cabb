import { useCallback, useRef, useState } from 'react'

/** Deed is something that is done on request: whether it is under way, and why it was refused. */
export type Deed = { busy: boolean; error: unknown; act: (f: () => Promise<unknown>) => Promise<boolean> }

/** useDeed does one thing at a time; Enter may ask for it again meanwhile. act answers whether it was done; what stands in its way is the error until the next. */
export function useDeed(): Deed {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const under = useRef(false)
  const act = useCallback(async (f: () => Promise<unknown>) => {
    if (under.current) return false
    under.current = true
    setBusy(true)
    setError(undefined)
    try {
      await f()
      return true
    } catch (e) {
      setError(e)
      return false
    } finally {
      under.current = false
      setBusy(false)
    }
  }, [])
  return { busy, error, act }
}
