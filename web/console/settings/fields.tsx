import { useState } from 'react'
import { useText } from './text.ts'

const units = [86_400, 3600, 60, 1] as const
type Unit = (typeof units)[number]

/** fitting is the largest unit in which a span is a whole number. */
function fitting(seconds: number): Unit {
  return units.find((u) => seconds > 0 && seconds % u === 0) ?? 60
}

type SecondsProps = { text: string; value: number; change: (seconds: number) => void; most: number; disabled: boolean }

/** Seconds is a span of time, in the largest unit in which it is a whole number. */
export function Seconds({ text, value, change, most, disabled }: SecondsProps) {
  const t = useText()
  const [chosen, choose] = useState(() => fitting(value))
  const unit = Number.isNaN(value) || value % chosen === 0 ? chosen : fitting(value) // what was undone may be of another unit
  return (
    <div className="setting">
      <label className="setting-text">
        {text}
        <input
          type="number"
          min={0}
          max={Math.floor(most / unit)}
          step={1}
          required
          disabled={disabled}
          value={Number.isNaN(value) ? '' : value / unit}
          onChange={(e) => change(Math.round(e.target.valueAsNumber * unit))}
        />
      </label>
      <select
        aria-label={t('unit.of', { name: text })}
        value={unit}
        disabled={disabled}
        onChange={(e) => {
          const next = Number(e.target.value) as Unit
          choose(next)
          change(Math.min(most, Math.round(value / unit) * next))
        }}
      >
        {[...units].reverse().map((u) => (
          <option key={u} value={u}>
            {t(`unit.${u}`)}
          </option>
        ))}
      </select>
    </div>
  )
}

type CountProps = { text: string; help?: string; value: number; change: (n: number) => void; most: number; disabled: boolean }

/** Count is a whole number. */
export function Count({ text, help, value, change, most, disabled }: CountProps) {
  return (
    <label className="setting">
      <span className="setting-text">
        {text}
        {help && <small className="quiet">{help}</small>}
      </span>
      <input
        type="number"
        min={0}
        max={most}
        step={1}
        required
        disabled={disabled}
        value={Number.isNaN(value) ? '' : value}
        onChange={(e) => change(e.target.valueAsNumber)}
      />
    </label>
  )
}

type YesProps = { text: string; help?: string; value: boolean; change: (yes: boolean) => void; disabled: boolean }

/** Yes is what holds or does not. */
export function Yes({ text, help, value, change, disabled }: YesProps) {
  return (
    <label className="setting">
      <span className="setting-text">
        {text}
        {help && <small className="quiet">{help}</small>}
      </span>
      <input type="checkbox" checked={value} disabled={disabled} onChange={(e) => change(e.target.checked)} />
    </label>
  )
}
