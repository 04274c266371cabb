import { useState } from 'react'

/** Change is a form of fields as they are, and as they would be; sent is what differs. */
export type Change<F> = { now: F; put: (part: Partial<F>) => void; undo: () => void; sent: Partial<F>; changed: boolean }

/** useChange begins with what is. */
export function useChange<F extends object>(before: F): Change<F> {
  const [now, setNow] = useState(before)
  const keys = (Object.keys(before) as (keyof F)[]).filter((k) => now[k] !== before[k])
  return {
    now,
    put: (part) => setNow((was) => ({ ...was, ...part })),
    undo: () => setNow(before),
    sent: Object.fromEntries(keys.map((k) => [k, now[k]])) as Partial<F>,
    changed: keys.length > 0,
  }
}
