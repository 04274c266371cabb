import { App, Button } from 'antd'
import type { FormEvent, ReactNode } from 'react'
import { Card } from '../shell/card.tsx'
import { meant } from '../shell/change.ts'
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
  again: () => Promise<unknown>
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
    if (!(await act(() => meant(send(), again)))) return
    undo() // what was typed is what it is, as the server wrote it
    message.success(t('settings.saved'))
  }
  return (
    <Card title={title}>
      {help && <p className="quiet">{help}</p>}
      <form className="stack" onSubmit={(e) => void save(e)}>
        {children(!may)}
        <Refused error={error} kept />
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
