import { useEffect } from 'react'

const drafts = new Set<object>()

/** useDraft tells that what is open beside a list holds what was typed and is not saved. */
export function useDraft(changed: boolean) {
  useEffect(() => {
    const draft = {}
    if (changed) drafts.add(draft)
    return () => void drafts.delete(draft)
  }, [changed])
}

/** mayLeave asks whether what was typed may go, where there is anything. */
export function mayLeave(question: string): boolean {
  return drafts.size === 0 || confirm(question)
}
