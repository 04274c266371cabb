import { useState } from 'react'
import { newcomer } from '../../shared/api/newcomer.ts'
import { useText } from '../text.ts'

/** Newcomer says that somebody else has signed in with this browser, to whoever was here before. */
export function Newcomer({ name }: { name: string }) {
  const t = useText()
  const [told, setTold] = useState(newcomer)
  return (
    <div className="notice-place" role="status">
      {told && (
        <p className="notice">
          {t('newcomer', { name })}
          <button type="button" className="plain-button" onClick={() => setTold(false)}>
            {t('understood')}
          </button>
        </p>
      )}
    </div>
  )
}
