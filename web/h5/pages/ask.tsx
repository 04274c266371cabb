import { useEffect, useRef, useState } from 'preact/hooks'
import { newID } from '../../shared/desk/desk.ts'
import { Outbox } from '../../shared/desk/outbox.ts'
import { client, session } from '../app.ts'
import { Bar } from '../parts/bar.tsx'
import { Clip } from '../parts/clip.tsx'
import { Refused } from '../parts/refused.tsx'
import { Tiles } from '../parts/tiles.tsx'
import { takeRequest } from '../requests.ts'
import { go } from '../route.ts'
import { t } from '../text.ts'

const subjectLength = 60

/** subjectOf is the first sentence of what somebody wrote, short enough for a list. */
export function subjectOf(text: string): string {
  const first = text.trim().split(/[\n。！？]|[.!?]\s/)[0]!.trim()
  const letters = [...(first || text.trim())]
  return letters.length > subjectLength ? letters.slice(0, subjectLength - 1).join('') + '…' : letters.join('')
}

/** Ask takes one sentence. The same form sent twice asks once. */
export function Ask({ skill: first }: { skill: string | undefined }) {
  const outbox = useRef(new Outbox(session.user!.id, 'new')).current
  const id = useRef(newID())
  const field = useRef<HTMLTextAreaElement>(null)
  const [skill, setSkill] = useState(first ? decodeURIComponent(first) : '')
  const [text, setText] = useState(outbox.draft('text'))
  const [files, setFiles] = useState<File[]>([])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    if (skill) field.current?.focus()
  }, [])

  async function send(e: SubmitEvent) {
    e.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      const uploaded: string[] = []
      for (const file of files) uploaded.push((await client.upload(file)).id)
      const made = await client.post('/v1/conversations', {
        body: { skill, subject: subjectOf(text), text, client_msg_id: id.current, ...(uploaded.length > 0 ? { files: uploaded } : {}) },
      })
      outbox.keepDraft('text', '')
      takeRequest(made)
      go('/c/' + made.id, true)
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }

  return (
    <main>
      <Bar title={t('ask.title')} back="#/" />
      <form class="ask" onSubmit={(e) => void send(e)}>
        <Tiles chosen={skill} choose={setSkill} />
        <label>
          {t('ask.text')}
          <textarea
            ref={field}
            name="text"
            rows={5}
            required
            maxLength={8000}
            placeholder={t('ask.hint')}
            value={text}
            onInput={(e) => {
              setText(e.currentTarget.value)
              outbox.keepDraft('text', e.currentTarget.value)
            }}
          />
        </label>
        {files.length > 0 && (
          <ul class="chosen" aria-label={t('ask.files', { count: files.length })}>
            {files.map((f, i) => (
              <li key={i}>
                {f.name}
                <button type="button" class="quiet" aria-label={t('ask.remove', { name: f.name })} onClick={() => setFiles(files.filter((_, j) => j !== i))}>
                  ×
                </button>
              </li>
            ))}
          </ul>
        )}
        <Refused error={error} />
        <div class="actions">
          <Clip choose={(more) => setFiles([...files, ...more])} />
          <button class="main" disabled={busy || !skill || !text.trim()}>
            {t('ask.send')}
          </button>
        </div>
      </form>
    </main>
  )
}
