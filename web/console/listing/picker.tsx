import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useText } from '../text.ts'
import { Refused } from '../shell/refused.tsx'

type Props = {
  label: string
  /** What is searched, as the key under which answers are kept. */
  among: string
  chosen: string[]
  change: (ids: string[]) => void
  find: (text: string) => Promise<string[]>
  show: (id: string) => ReactNode
  many?: boolean
  none?: string
}

/** Picker chooses things by searching them on the server: one, or many. */
export function Picker({ label, among, chosen, change, find, show, many, none }: Props) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const rested = useRested(text.trim())
  const found = useQuery({ queryKey: ['picker', among, rested], queryFn: () => find(rested), enabled: open, placeholderData: keepPreviousData })
  const options = (found.data ?? []).map((value) => ({ value }))
  return (
    <>
      <Select<string[] | string>
        {...(many ? { mode: 'multiple' as const } : {})}
        className="picker"
        aria-label={label}
        value={many ? chosen : (chosen[0] ?? null)!}
        onChange={(v: string[] | string | undefined) => change(v === undefined ? [] : Array.isArray(v) ? v : [v])}
        showSearch={{ filterOption: false, searchValue: text, onSearch: setText }}
        onOpenChange={setOpen}
        options={options}
        optionRender={(o) => show(String(o.value))}
        labelRender={(o) => show(String(o.value))}
        placeholder={none}
        notFoundContent={found.isPending ? '…' : t('nothing')}
        allowClear
      />
      <Refused error={found.error} again={() => void found.refetch()} />
    </>
  )
}

/** useRested is a text when the typing rests. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const rest = setTimeout(() => setRested(text), 250)
    return () => clearTimeout(rest)
  }, [text])
  return rested
}
