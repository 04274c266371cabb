import type { ReactNode } from 'react'
import { More } from '../listing/more.tsx'
import type { Found } from '../listing/pages.ts'
import { Refused } from '../shell/refused.tsx'

type Props<R> = { label: string; found: Found<R>; keyOf: (row: R) => string; none: string; children: (row: R) => ReactNode }

/** Lines is a list within a panel, where a table has no room. */
export function Lines<R>({ label, found, keyOf, none, children }: Props<R>) {
  return (
    <>
      <Refused error={found.error} again={() => void found.refetch()} />
      {found.isPending && <div className="ghost-box" aria-busy="true" />}
      {found.data && found.items.length === 0 && <p className="quiet">{none}</p>}
      <ul className="assignments" aria-label={label}>
        {found.items.map((row) => (
          <li key={keyOf(row)}>{children(row)}</li>
        ))}
      </ul>
      <More of={found} />
    </>
  )
}
