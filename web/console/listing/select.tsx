import type { ReactNode } from 'react'

type Named = { id: string; name: string }
type Props = { label: string; value: string; options: Named[]; none: string; change: (id: string) => void; kept?: Named | null | undefined; help?: ReactNode }

/** Select chooses one of some named things, or none. kept is what is chosen already, which the list may lack. */
export function Select({ label, value, options, none, change, kept, help }: Props) {
  const all = kept && !options.some((o) => o.id === kept.id) ? [kept, ...options] : options
  return (
    <label className="field">
      {label}
      <select value={value} onChange={(e) => change(e.target.value)}>
        <option value="">{none}</option>
        {all.map((o) => (
          <option key={o.id} value={o.id}>
            {o.name}
          </option>
        ))}
      </select>
      {help && <small>{help}</small>}
    </label>
  )
}
