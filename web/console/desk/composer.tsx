import { Button } from 'antd'
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { type CannedReply, type Conversation, over } from '../../shared/desk/desk.ts'
import type { Thread } from '../../shared/desk/thread.ts'
import { session } from '../app.ts'
import { Icon } from '../shell/icon.tsx'
import { useText } from './text.ts'
import { useMay } from '../shell/may.ts'
import { Canned, type CannedHandle } from './canned.tsx'
import { useKeys } from './keys.tsx'
import { supervises } from './supervision.tsx'

const enterKey = 'usher.enter-sends'
type Kind = 'text' | 'note' | 'whisper' | 'barge'

/** useKinds are what one may say here: whoever holds it replies, whoever supervises whispers or steps in, the others take notes. */
function useKinds(c: Conversation): Kind[] {
  const may = useMay()
  if (over(c.state)) return ['note']
  if (c.assignee?.id === session.user?.id) return ['text', 'note']
  if (!supervises(c)) return ['note']
  return (['whisper', 'barge', 'note'] as const).filter((k) => k === 'note' || may(`conversation:${k}`))
}

/** Composer answers or takes notes. What is typed is kept for each conversation until it is sent. */
export function Composer({ thread, conversation: c, sent }: { thread: Thread; conversation: Conversation; sent: () => void }) {
  const t = useText()
  const kinds = useKinds(c)
  const mayReply = kinds.includes('text')
  const [chosen, setChosen] = useState(() => location.hash.slice(1) as Kind) // the board leads here to whisper or to step in
  const as = kinds.includes(chosen) ? chosen : kinds[0]! // taking it, or watching it, offers something else
  const [text, setText] = useState(thread.outbox.draft(as))
  const [enterSends, setEnterSends] = useState(localStorage.getItem(enterKey) !== 'no')
  const field = useRef<HTMLTextAreaElement>(null)
  const canned = useRef<CannedHandle>(null)
  useEffect(() => setText(thread.outbox.draft(as)), [as])

  function change(next: string) {
    setText(next)
    thread.outbox.keepDraft(as, next)
    if (as === 'text') thread.typing()
  }
  function turn(to: Kind) {
    setChosen(to)
    field.current?.focus()
  }
  function send() {
    if (!text.trim()) return
    void thread.send(as, text.trim())
    change('')
    requestAnimationFrame(sent)
  }
  function attach(files: Iterable<File>) {
    if (mayReply) for (const f of files) void thread.send('file', '', f)
  }
  function press(e: KeyboardEvent<HTMLTextAreaElement>) {
    // 229 is what Safari says of the Enter that ends a composition.
    if (e.nativeEvent.isComposing || e.keyCode === 229) return
    if (canned.current?.press(e)) return
    if (e.key === 'Enter' && !e.shiftKey && (enterSends || e.ctrlKey || e.metaKey)) {
      e.preventDefault()
      send()
    }
  }
  useKeys({ 'Alt+KeyL': () => turn(kinds[0]!), 'Alt+KeyP': () => turn('note') })

  const asked = as === 'text' && /^\/\S*$/.test(text) ? text.slice(1) : undefined
  return (
    <div
      className={'composer ' + as}
      onDragOver={(e: DragEvent) => e.preventDefault()}
      onDrop={(e: DragEvent) => {
        e.preventDefault()
        attach(e.dataTransfer.files)
      }}
    >
      {asked !== undefined && (
        <Canned
          ref={canned}
          q={asked}
          choose={(reply: CannedReply) => {
            change(reply.body)
            field.current?.focus()
          }}
          close={() => change('')}
        />
      )}
      {kinds.length === 1 && <p className="quiet composer-why">{over(c.state) ? t('compose.closed') : t('compose.notMine')}</p>}
      <textarea
        ref={field}
        rows={3}
        maxLength={8000}
        aria-label={t(`compose.${as}`)}
        placeholder={t(`compose.${as}Hint`, { name: c.requester.name, agent: c.assignee?.name ?? '' })}
        value={text}
        onChange={(e) => change(e.target.value)}
        onKeyDown={press}
        onPaste={(e: ClipboardEvent) => attach(e.clipboardData.files)}
        {...(asked === undefined ? {} : { role: 'combobox', 'aria-expanded': true, 'aria-controls': 'canned' })}
      />
      <div className="composer-foot">
        <div className="kinds" role="radiogroup" aria-label={t('compose.kind')}>
          {kinds.map((k) => (
            <label key={k} className={k === as ? 'on' : ''}>
              <input type="radio" name="kind" checked={k === as} onChange={() => turn(k)} />
              {t(`compose.${k}`)}
            </label>
          ))}
        </div>
        {mayReply && (
          <label className="clip">
            <Icon name="clip" />
            <input
              type="file"
              multiple
              aria-label={t('message.attach')}
              onChange={(e) => {
                attach(e.target.files ?? [])
                e.target.value = ''
              }}
            />
          </label>
        )}
        <label className="enter">
          <input
            type="checkbox"
            checked={enterSends}
            onChange={(e) => {
              setEnterSends(e.target.checked)
              localStorage.setItem(enterKey, e.target.checked ? 'yes' : 'no')
            }}
          />
          {t('compose.enter')}
        </label>
        <Button type="primary" onClick={send} disabled={!text.trim()}>
          {as === 'note' ? t('compose.sendNote') : t('compose.send')}
        </Button>
      </div>
    </div>
  )
}
