import { type ShouldBlockFn, useBlocker } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useStore } from '../app.ts'
import { useText } from '../text.ts'
import { Dialog } from './dialog.tsx'
import { drafts, mayLeave } from './draft.ts'

let latest = 0

// Another filter of a list is another address too, and leaves what is open beside the list where it is.
const stays: ShouldBlockFn = async ({ current, next }) => {
  if (current.pathname === next.pathname) return false
  const mine = ++latest
  const may = await mayLeave()
  // Back once more, while it was asked, is counted from the same page: only the last one finds the way back, or goes.
  return mine === latest ? !may : new Promise(() => undefined)
}
const held = () => drafts.get().open.length > 0

/** Guard asks before a draft is lost: by a link, by Back, by another row. Where one leaves the page altogether, the browser asks. */
export function Guard() {
  const t = useText()
  const { open, answer } = useStore(drafts)
  useBlocker({ shouldBlockFn: stays, enableBeforeUnload: held, disabled: open.length === 0 })
  useEffect(() => () => answer?.(false), [answer]) // who is signed out meanwhile is not asked any more
  if (!answer) return null
  return (
    <Dialog title={t('leave.title')} width={420} close={() => answer(false)}>
      <div className="stack">
        <p>{open.find((d) => d.question)?.question ?? t('leave')}</p>
        <div className="row-end">
          <Button onClick={() => answer(true)} danger>
            {t('leave.go')}
          </Button>
          <Button type="primary" autoFocus onClick={() => answer(false)}>
            {t('leave.stay')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
