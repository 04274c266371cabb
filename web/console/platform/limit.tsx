import { useQuery } from '@tanstack/react-query'
import { Button, Input, Popover } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

/** Limit is how long a visit may last at most, for the platform as a whole. */
export function Limit() {
  const t = useText()
  const may = useMay()
  const [open, setOpen] = useState(false)
  const { data } = useQuery({ queryKey: ['visit-limit'], queryFn: () => client.get('/v1/platform/settings'), refetchOnWindowFocus: false })
  if (!data || !may('tenant:update')) return null
  return (
    <Popover trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen} destroyOnHidden content={<Change minutes={data.visit_minutes} version={data.version} done={() => setOpen(false)} />}>
      <Button>
        {t('limit')}: {data.visit_minutes}
      </Button>
    </Popover>
  )
}

function Change({ minutes, version, done }: { minutes: number; version: number; done: () => void }) {
  const t = useText()
  const deed = useDeed()
  const [next, setNext] = useState(String(minutes))
  const { refetch } = useQuery({ queryKey: ['visit-limit'], queryFn: () => client.get('/v1/platform/settings'), enabled: false })
  async function submit(e: FormEvent) {
    e.preventDefault()
    const kept = await deed.act(() => client.patch('/v1/platform/settings', { body: { visit_minutes: Number(next) }, version }))
    await refetch()
    if (kept) done()
  }
  return (
    <form className="stack" onSubmit={(e) => void submit(e)}>
      <label className="field">
        {t('limit')}
        <Input type="number" min={1} max={480} value={next} onChange={(e) => setNext(e.target.value)} required />
      </label>
      <Refused error={deed.error} />
      <Button type="primary" htmlType="submit" loading={deed.busy} disabled={Number(next) === minutes}>
        {t('limit.keep')}
      </Button>
    </form>
  )
}
