import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../text.ts'
import { useDeed } from './deed.ts'
import { Dialog } from './dialog.tsx'
import { Refused } from './refused.tsx'

type Props = { title: string; save: string; danger?: boolean; make: () => Promise<unknown>; close: () => void; done: () => void; children: ReactNode }

/** Confirm says what is about to be done, and does it. */
export function Confirm({ title, save, danger, make, close, done, children }: Props) {
  const t = useText()
  const { busy, error, act } = useDeed()
  return (
    <Dialog title={title} width={480} close={close}>
      <div className="stack">
        {children}
        <Refused error={error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" danger={danger ?? false} loading={busy} onClick={() => void act(make).then((made) => made && done())}>
            {save}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
