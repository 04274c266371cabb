import { useRef, useState } from 'preact/hooks'
import type { Thread } from '../../shared/desk/thread.ts'
import { t } from '../text.ts'
import { Clip } from './clip.tsx'

/** Composer keeps what is typed until it is sent. Enter sends, but not while an input method is composing. */
export function Composer({ thread }: { thread: Thread }) {
  const [text, setText] = useState(thread.outbox.draft('text'))
  const field = useRef<HTMLTextAreaElement>(null)

  function change(next: string) {
    setText(next)
    thread.outbox.keepDraft('text', next)
    thread.typing()
    const box = field.current!
    box.style.height = 'auto'
    box.style.height = Math.min(box.scrollHeight, 140) + 'px'
  }
  function send() {
    if (!text.trim()) return
    void thread.send('text', text.trim())
    change('')
    field.current!.style.height = 'auto'
    field.current!.focus()
  }
  return (
    <form
      class="composer"
      onSubmit={(e) => {
        e.preventDefault()
        send()
      }}
    >
      <Clip choose={(files) => files.forEach((f) => void thread.send('file', '', f))} />
      <textarea
        ref={field}
        rows={1}
        maxLength={8000}
        aria-label={t('message.write')}
        placeholder={t('message.write')}
        enterkeyhint="send"
        value={text}
        onInput={(e) => change(e.currentTarget.value)}
        onKeyDown={(e) => {
          // 229 is what Safari says of the Enter that ends a composition.
          if (e.key === 'Enter' && !e.shiftKey && !e.isComposing && e.keyCode !== 229) {
            e.preventDefault()
            send()
          }
        }}
      />
      <button class="icon send" aria-label={t('message.send')} disabled={!text.trim()}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 12l16-8-6 16-3-7z" />
        </svg>
      </button>
    </form>
  )
}
