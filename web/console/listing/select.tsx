import { useId } from 'react'

type Named = { id: string; name: string }
type Props = { label: string; value: string; options: Named[]; none: string; change: (id: string) => void }

/** Select chooses one of a few named things, or none. */
export function Select({ label, value, options, none, change }: Props) {
  const name = useId() // without it, what may be chosen would be a part of the name
  return (
    <label className="field">
      <span id={name}>{label}</span>
      <select aria-labelledby={name} value={value} onChange={(e) => change(e.target.value)}>
        <option value="">{none}</option>
        {options.map((o) => (
          <option key={o.id} value={o.id}>
            {o.name}
          </option>
        ))}
      </select>
    </label>
  )
}
