import { useText } from '../text.ts'
import { Refused } from '../shell/refused.tsx'

/** Nowhere stands where there is no page, or where one broke. */
export function Nowhere({ error }: { error?: unknown }) {
  const t = useText()
  return (
    <div className="nowhere">
      <h1>{t('nowhere.title')}</h1>
      <Refused error={error} />
      <a href="/">{t('nowhere.home')}</a>
    </div>
  )
}
