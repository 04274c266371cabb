import { type ReactNode, useId } from 'react'

type Named = { id: string; name: string }
type Props = { label: string; value: string; options: Named[]; none: string; change: (id: string) => void; kept?: Named | null | undefined; help?: ReactNode }

/** Select chooses one of some named things, or none. kept is what is chosen already, which the list may lack. */
export function Select({ label, value, options, none, change, kept, help }: Props) {
  const name = useId() // without it, what may be chosen would be a part of the name
  const all = kept && !options.some((o) => o.id === kept.id) ? [kept, ...options] : options
  return (
    <label className="field">
      <span id={name}>{label}</span>
      <select aria-labelledby={name} value={value} onChange={(e) => change(e.target.value)}>
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
