import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { Refused } from '../shell/refused.tsx'
import { useText } from '../text.ts'
import { keep, type Source, useNames } from './source.ts'

type Props = {
  from: Source
  label: string
  value: string[]
  change: (ids: string[]) => void
  many?: boolean
  none?: string // what stands there while nothing is chosen
  disabled?: boolean
}

/** Pick chooses one or many by name. The server searches; what is asked for is asked when the typing rests. */
export function Pick({ from, label, value, change, many = false, none = '', disabled = false }: Props) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const text = useRested(typed.trim())
  const found = useQuery({
    queryKey: ['pick', from.kind, text],
    queryFn: async () => keep(from, await from.find(text)),
    enabled: open,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
  const names = useNames(from, value)
  const chosen = value.map((id) => ({ value: id, label: names.get(id) ?? '…' + id.slice(-8) }))
  return (
    <Select<typeof chosen | (typeof chosen)[number] | null>
      className="pick"
      aria-label={label}
      labelInValue
      {...(many ? { mode: 'multiple' as const } : {})}
      value={many ? chosen : (chosen[0] ?? null)}
      placeholder={none}
      allowClear
      disabled={disabled}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onOpenChange={setOpen}
      onChange={(v) => change((Array.isArray(v) ? v : v ? [v] : []).map((one) => one.value))}
      options={(found.data ?? []).map((c) => ({ value: c.id, label: c.name, note: c.note }))}
      optionRender={({ label, data }) => (
        <>
          {label} <small className="quiet">{(data as { note?: string }).note}</small>
        </>
      )}
      notFoundContent={found.error ? <Refused error={found.error} /> : found.isPending ? <div className="ghost-box" /> : t('pick.none')}
    />
  )
}

/** useRested is a text once it has not changed for a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const rest = setTimeout(() => setRested(text), 250)
    return () => clearTimeout(rest)
  }, [text])
  return rested
}
