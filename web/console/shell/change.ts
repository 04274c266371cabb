import { useState } from 'react'
import { toProblem } from '../../shared/api/problem.ts'
import { useDraft } from './draft.ts'

/**
 * Change is a form over something that others may change meanwhile. now is what it is, and over it what was typed here; sent
 * is what was typed and differs, and nothing else: what was not touched is never put back to what it was when the form began.
 * send gives it away: what is typed until that is done is a change of what comes back.
 */
export type Change<F> = {
  now: F
  put: (part: Partial<F>) => void
  undo: () => void
  sent: Partial<F>
  send: <R>(make: (sent: Partial<F>) => Promise<R>) => Promise<R>
  changed: boolean
}

/** useChange begins with what is, and goes on over what it is by then: before is given anew with each version. A change is a draft. */
export function useChange<F extends object>(before: F): Change<F> {
  const [typed, setTyped] = useState<Partial<F>>({})
  const [under, setUnder] = useState(false)
  const sent = differing(before, typed)
  const changed = Object.keys(sent).length > 0
  useDraft(changed)
  if (!under && Object.keys(sent).length < Object.keys(typed).length) setTyped(sent) // what is so by now is no change any more
  async function send<R>(make: (sent: Partial<F>) => Promise<R>) {
    setUnder(true)
    try {
      const made = await make(sent)
      setTyped((since) => differing(sent, since)) // the rest is what it is, as the server wrote it
      return made
    } finally {
      setUnder(false)
    }
  }
  const put = (part: Partial<F>) => setTyped((was) => ({ ...was, ...part }))
  return { now: { ...before, ...typed }, put, undo: () => setTyped({}), sent, send, changed }
}

function differing<F extends object>(before: Partial<F>, typed: Partial<F>): Partial<F> {
  const keys = (Object.keys(typed) as (keyof F)[]).filter((k) => written(typed[k]) !== written(before[k]))
  return Object.fromEntries(keys.map((k) => [k, typed[k]])) as Partial<F>
}

/** written is a value as text; the order of a list of names says nothing. */
function written(value: unknown): string | undefined {
  return JSON.stringify(Array.isArray(value) ? [...value].sort() : value)
}

/** meant makes a change that is meant for a version. Where somebody else was faster, what they made is read before that is said. */
export async function meant<R>(change: Promise<R>, again: () => Promise<unknown>): Promise<R> {
  try {
    return await change
  } catch (e) {
    if (toProblem(e).code === 'stale_version') await again()
    throw e
  }
}
