import { Button } from 'antd'
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useRef, useState } from 'react'
import { type CannedReply, type Conversation, over } from '../../shared/desk/desk.ts'
import type { Thread } from '../../shared/desk/thread.ts'
import { session } from '../app.ts'
import { Icon } from '../shell/icon.tsx'
import { useText } from '../text.ts'
import { Canned, type CannedHandle } from './canned.tsx'
import { useKeys } from './keys.tsx'

const enterKey = 'usher.enter-sends'
type Kind = 'text' | 'note'

/** Composer answers or takes notes. What is typed is kept for each conversation until it is sent. */
export function Composer({ thread, conversation: c, sent }: { thread: Thread; conversation: Conversation; sent: () => void }) {
  const t = useText()
  const mine = c.assignee?.id === session.user?.id
  const mayReply = mine && !over(c.state)
  const [kind, setKind] = useState<Kind>(mayReply ? 'text' : 'note')
  const [text, setText] = useState(thread.outbox.draft(kind))
  const [enterSends, setEnterSends] = useState(localStorage.getItem(enterKey) !== 'no')
  const field = useRef<HTMLTextAreaElement>(null)
  const canned = useRef<CannedHandle>(null)
  const as: Kind = mayReply ? kind : 'note'

  function change(next: string) {
    setText(next)
    thread.outbox.keepDraft(as, next)
    if (as === 'text') thread.typing()
  }
  function turn(to: Kind) {
    setKind(to)
    setText(thread.outbox.draft(to))
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
  useKeys({ 'Alt+KeyL': () => turn('text'), 'Alt+KeyP': () => turn('note') })

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
      {!mayReply && <p className="quiet composer-why">{over(c.state) ? t('compose.closed') : t('compose.notMine')}</p>}
      <textarea
        ref={field}
        rows={3}
        maxLength={8000}
        aria-label={as === 'text' ? t('compose.reply') : t('compose.note')}
        placeholder={as === 'text' ? t('compose.replyHint', { name: c.requester.name }) : t('compose.noteHint')}
        value={text}
        onChange={(e) => change(e.target.value)}
        onKeyDown={press}
        onPaste={(e: ClipboardEvent) => attach(e.clipboardData.files)}
        {...(asked === undefined ? {} : { role: 'combobox', 'aria-expanded': true, 'aria-controls': 'canned' })}
      />
      <div className="composer-foot">
        <div className="kinds" role="radiogroup" aria-label={t('compose.kind')}>
          {(['text', 'note'] as const).map((k) => (
            <label key={k} className={k === as ? 'on' : ''}>
              <input type="radio" name="kind" checked={k === as} disabled={k === 'text' && !mayReply} onChange={() => turn(k)} />
              {k === 'text' ? t('compose.reply') : t('compose.note')}
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
          {as === 'text' ? t('compose.send') : t('compose.sendNote')}
        </Button>
      </div>
    </div>
  )
}
