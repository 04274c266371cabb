import { createContext, type ReactNode, use } from 'react'
import { leave } from '../shell/draft.ts'
import { Refused } from '../shell/refused.tsx'
import './listing.css'
import { More } from './more.tsx'
import type { Found } from './pages.ts'

/** Column is what stands above, and what it shows of a row. One to spare is left out where a panel beside the list leaves little room. */
export type Column<R> = { text: string; of: (row: R) => ReactNode; cut?: boolean; spare?: boolean }

type Props<R> = {
  label: string
  columns: Column<R>[]
  found: Found<R>
  keyOf: (row: R) => string
  none: ReactNode // what is said where nothing was found
  isOpen?: (row: R) => boolean
}

/** Open is whether what one is in, a row of a list or a branch of a tree, is the one that is open. */
export const Open = createContext(false)

/** Listing is a list as a table: its shape while it is read, why it could not be, that it is empty, and more of it. */
export function Listing<R>({ label, columns, found, keyOf, none, isOpen }: Props<R>) {
  return (
    <div className="listing" role="region" aria-label={label} tabIndex={0}>
      <Refused error={found.error} again={() => void found.refetch()} />
      <table aria-busy={found.isPending}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.text} scope="col" className={c.spare ? 'spare' : ''}>
                {c.text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.isPending && Array.from({ length: 8 }, (_, i) => <tr key={i} className="ghost"><td colSpan={columns.length}><i /></td></tr>)}
          {found.items.map((row) => (
            <Open key={keyOf(row)} value={isOpen?.(row) ?? false}>
              <tr className={isOpen?.(row) ? 'on' : ''}>
                {columns.map((c) => (
                  <td key={c.text} className={(c.cut ? 'cut ' : '') + (c.spare ? 'spare' : '')}>
                    {c.of(row)}
                  </td>
                ))}
              </tr>
            </Open>
          ))}
        </tbody>
      </table>
      {found.data && found.items.length === 0 && <div className="empty quiet">{none}</div>}
      <More of={found} />
    </div>
  )
}

/** Opener is the part of a row that opens it, in place of what is open and may be unsaved. What is open already stays so. */
export function Opener({ text, open }: { text: string; open: () => void }) {
  const opened = use(Open)
  return (
    <button type="button" className="plain-button" aria-current={opened || undefined} onClick={() => opened || leave(open)}>
      {text}
    </button>
  )
}
