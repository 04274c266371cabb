import { useEffect } from 'react'
import type { Conversation } from '../../shared/desk/desk.ts'
import { t } from '../text.ts'

/** useTitle has the tab of the browser say how much is unread. */
export function useTitle(items: Conversation[]) {
  const unread = items.reduce((sum, c) => sum + c.unread, 0)
  useEffect(() => {
    document.title = (unread > 0 ? `(${unread}) ` : '') + t('brand')
    return () => {
      document.title = t('brand')
    }
  }, [unread])
}
