import { App, Button } from 'antd'
import type { FormEvent, ReactNode } from 'react'
import { toProblem } from '../../shared/api/problem.ts'
import { Card } from '../shell/card.tsx'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

type Props = {
  title: string
  help?: string
  changed: boolean
  undo: () => void
  send: () => Promise<unknown>
  again: () => void
  children: (fixed: boolean) => ReactNode
}

/** Saved is a card of settings that are saved together; fixed is for who may only read them. What somebody else changed meanwhile is read anew. */
export function Saved({ title, help, changed, undo, send, again, children }: Props) {
  const t = useText()
  const { message } = App.useApp()
  const { busy, error, act } = useDeed()
  const may = useMay()('system_config:update')

  async function save(e: FormEvent) {
    e.preventDefault()
    const done = await act(() =>
      send().catch((e: unknown) => {
        if (toProblem(e).status !== 412) throw e
        message.warning(t('settings.stale'))
        again()
      }),
    )
    if (done) message.success(t('settings.saved'))
  }
  return (
    <Card title={title}>
      {help && <p className="quiet">{help}</p>}
      <form className="stack" onSubmit={(e) => void save(e)}>
        {children(!may)}
        <Refused error={error} />
        {may && (
          <div className="row-end">
            <Button disabled={!changed} onClick={undo}>
              {t('settings.undo')}
            </Button>
            <Button type="primary" htmlType="submit" loading={busy} disabled={!changed}>
              {t('settings.save')}
            </Button>
          </div>
        )}
      </form>
    </Card>
  )
}
