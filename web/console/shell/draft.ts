import { useEffect } from 'react'
import { Store } from '../../shared/store.ts'

/** Draft is something that would be lost if one left, and what is asked then where it is not the same as ever. */
type Draft = { question: string | undefined }

/** drafts are those that are open. Where one is about to leave them, answer tells whether one may. */
export const drafts = new Store<{ open: readonly Draft[]; answer: ((may: boolean) => void) | undefined }>({ open: [], answer: undefined })

/** useDraft tells that something here is not saved. */
export function useDraft(changed: boolean, question?: string) {
  useEffect(() => {
    if (!changed) return
    const draft = { question }
    drafts.set({ open: [...drafts.get().open, draft] })
    return () => drafts.set({ open: drafts.get().open.filter((d) => d !== draft) })
  }, [changed, question])
}

let asked: Promise<boolean> | undefined

/** mayLeave asks once whether drafts may be lost, where there are any. Until they are, they stay drafts. */
export function mayLeave(): Promise<boolean> {
  if (drafts.get().open.length === 0) return Promise.resolve(true)
  asked ??= new Promise<boolean>((answer) => drafts.set({ answer })).then((may) => {
    asked = undefined
    drafts.set({ answer: undefined })
    return may
  })
  return asked
}

/** leave does what loses drafts: at once where there are none, and otherwise once it was said that they may go. */
export function leave(go: () => void) {
  if (drafts.get().open.length === 0) go()
  else void mayLeave().then((may) => may && go())
}

/** forgetDrafts has nobody asked about them any more. */
export function forgetDrafts() {
  drafts.set({ open: [] })
}
