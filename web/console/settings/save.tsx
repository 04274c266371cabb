import { App, Button } from 'antd'
import type { FormEvent, ReactNode } from 'react'
import { Card } from '../shell/card.tsx'
import { type Change, meant } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

type Props<F> = {
  title: string
  help?: string
  form: Change<F>
  save: (sent: Partial<F>) => Promise<unknown>
  again: () => Promise<unknown>
  children: (fixed: boolean) => ReactNode
}

/** Saved is a card of settings that are saved together; fixed is for who may only read them. What somebody else changed meanwhile is read anew. */
export function Saved<F extends object>({ title, help, form, save, again, children }: Props<F>) {
  const t = useText()
  const { message } = App.useApp()
  const { busy, error, act } = useDeed()
  const may = useMay()('system_config:update')

  async function submit(e: FormEvent) {
    e.preventDefault()
    if (await act(() => form.send((sent) => meant(save(sent), again)))) message.success(t('settings.saved'))
  }
  return (
    <Card title={title}>
      {help && <p className="quiet">{help}</p>}
      <form className="stack" onSubmit={(e) => void submit(e)}>
        {children(!may)}
        <Refused error={error} kept />
        {may && (
          <div className="row-end">
            <Button disabled={!form.changed} onClick={form.undo}>
              {t('settings.undo')}
            </Button>
            <Button type="primary" htmlType="submit" loading={busy} disabled={!form.changed}>
              {t('settings.save')}
            </Button>
          </div>
        )}
      </form>
    </Card>
  )
}
