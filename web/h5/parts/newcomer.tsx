import { useState } from 'preact/hooks'
import { newcomer } from '../../shared/api/newcomer.ts'
import { t } from '../text.ts'

/** Newcomer says that somebody else has signed in with this browser, to whoever was here before. */
export function Newcomer({ name }: { name: string }) {
  const [told, setTold] = useState(newcomer)
  return (
    <div class="notice-place" role="status">
      {told && (
        <p class="notice">
          {t('newcomer', { name })}
          <button type="button" onClick={() => setTold(false)}>
            {t('understood')}
          </button>
        </p>
      )}
    </div>
  )
}
