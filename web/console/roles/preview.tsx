import { Button } from 'antd'
import type { ReactNode } from 'react'
import { toProblem } from '../../shared/api/problem.ts'
import { More } from '../listing/more.tsx'
import { anew, usePages } from '../listing/pages.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'
import type { Difference, Impact } from './grants.ts'
import { ImpactShown } from './impact.tsx'

type Props<R> = {
  /** What is changed and into what; whatever makes another preview is in it. */
  change: readonly unknown[]
  ask: (cursor: string) => Promise<Impact>
  make: (digest: string) => Promise<R>
  close: () => void
  done: (made: R) => void
  title?: string
  save?: string
  danger?: boolean
  /** What else the change means, besides what people may do. */
  children?: ReactNode
}

/** Preview shows what a change does, and to whom, before it is made. What was shown is what happens, or nothing. */
export function Preview<R>({ change, ask, make, close, done, title, save, danger, children }: Props<R>) {
  const t = useText()
  const impact = usePages<Difference, Impact>(['preview', ...change], ask, anew)
  const { busy, error, act } = useDeed()
  const first = impact.data?.pages[0]

  async function confirm(digest: string) {
    let result: R
    const made = await act(async () => {
      result = await make(digest).catch((e: unknown) => {
        if (toProblem(e).code === 'preview_differs') void impact.refetch()
        throw e
      })
    })
    if (made) done(result!)
  }
  return (
    <Dialog width={640} title={title ?? t('impact.title')} close={close}>
      <div className="stack impact">
        {children}
        {impact.isPending && <div className="ghost-box" aria-busy="true" />}
        <Refused error={impact.error} />
        {first && <ImpactShown impact={first} people={impact.items} />}
        <More of={impact} />
        <Refused error={error} kept />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" danger={danger ?? false} loading={busy} disabled={!first} onClick={() => void confirm(first!.digest)}>
            {save ?? t('impact.save')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
