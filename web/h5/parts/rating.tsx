import { useState } from 'preact/hooks'
import type { Conversation } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { t } from '../text.ts'
import { Refused } from './refused.tsx'

const praise = ['solved', 'quick', 'friendly', 'clear'] as const
const blame = ['unsolved', 'slow', 'unfriendly', 'unclear'] as const
type Reason = (typeof praise)[number] | (typeof blame)[number]

/** Rating asks once how it went, and says thank you. */
export function Rating({ conversation: c, take }: { conversation: Conversation; take: (c: Conversation) => void }) {
  const [changing, setChanging] = useState(false)
  const [score, setScore] = useState(c.rating?.score ?? 0)
  const [reasons, setReasons] = useState<Reason[]>((c.rating?.reasons as Reason[]) ?? [])
  const [text, setText] = useState(c.rating?.text ?? '')
  const [error, setError] = useState<unknown>()

  if (c.rating && !changing) {
    return (
      <p class="thanks">
        {t('rating.thanks')} <span aria-label={t('rating.score', { score: c.rating.score })}>{'★'.repeat(c.rating.score)}</span>
        <button type="button" class="quiet" onClick={() => setChanging(true)}>
          {t('rating.change')}
        </button>
      </p>
    )
  }
  async function send(e: SubmitEvent) {
    e.preventDefault()
    try {
      take(await client.post('/v1/conversations/{id}/rating', { path: { id: c.id }, version: c.version, body: { score, reasons, ...(text.trim() ? { text: text.trim() } : {}) } }))
      setChanging(false)
      setError(undefined)
    } catch (e) {
      setError(e)
    }
  }
  const offered: readonly Reason[] = score >= 4 ? praise : blame
  return (
    <form class="rating" onSubmit={(e) => void send(e)}>
      <fieldset>
        <legend>{t('rating.title')}</legend>
        <div class="stars">
          {[1, 2, 3, 4, 5].map((n) => (
            <label key={n} class={n <= score ? 'star on' : 'star'}>
              <input
                type="radio"
                name="score"
                value={n}
                checked={n === score}
                aria-label={t('rating.score', { score: n })}
                onChange={() => {
                  if (n >= 4 !== score >= 4) setReasons([])
                  setScore(n)
                }}
              />
              <span aria-hidden="true">★</span>
            </label>
          ))}
        </div>
      </fieldset>
      {score > 0 && (
        <>
          <div class="reasons">
            {offered.map((r) => (
              <label key={r} class={reasons.includes(r) ? 'reason on' : 'reason'}>
                <input
                  type="checkbox"
                  checked={reasons.includes(r)}
                  onChange={() => setReasons(reasons.includes(r) ? reasons.filter((x) => x !== r) : [...reasons, r])}
                />
                {t(`rating.${r}`)}
              </label>
            ))}
          </div>
          <textarea rows={2} maxLength={1000} aria-label={t('rating.text')} placeholder={t('rating.text')} value={text} onInput={(e) => setText(e.currentTarget.value)} />
          <Refused error={error} />
          <button class="main">{t('rating.send')}</button>
        </>
      )}
    </form>
  )
}
