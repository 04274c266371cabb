import type { ReactNode } from 'react'
import { Pick } from './pick.tsx'
import type { Source } from './source.ts'

type Props = { from: Source; label: string; value: string; none: string; change: (id: string) => void; disabled?: boolean; help?: ReactNode }

/** PickOne is a field in which one is chosen by name, or none: ''. */
export function PickOne({ from, label, value, none, change, disabled = false, help }: Props) {
  return (
    <label className="field">
      {label}
      <Pick from={from} label={label} value={value ? [value] : []} change={([id = '']) => change(id)} none={none} disabled={disabled} />
      {help && <small>{help}</small>}
    </label>
  )
}
