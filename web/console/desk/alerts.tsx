import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Conversation } from '../../shared/desk/desk.ts'
import { idle, session } from '../app.ts'
import { wishes } from '../shell/wishes.ts'
import { type Alert, alertFor, Patience } from './alert.ts'
import { inbox } from './inbox.ts'
import { ring } from './sound.ts'
import { useText } from './text.ts'

const patience = new Patience()

/** Alerts tell an agent of what needs them while they look elsewhere, by sound and by a notification of the browser. */
export function Alerts() {
  const t = useText()
  const navigate = useNavigate()
  useEffect(() => inbox.start(), [])
  useEffect(
    () =>
      inbox.watch((row, before) => {
        const what = looksAt(row) ? undefined : alertFor(before, row, session.user?.id ?? '')
        if (!what || !patience.allows(row, what)) return
        const { sound, notification } = wishes.get()
        if (sound) ring()
        if (!notification) return
        const said = idle.store.get().covered ? { title: t('alert.covered') } : { title: t(`alert.${what}`, { name: row.requester.name }), body: bodyOf(row, what) }
        notify(row.id, said, () => void navigate({ to: '/desk/$id', params: { id: row.id } }))
      }),
    [t, navigate],
  )
  return null
}

/** looksAt tells whether a conversation is open where one looks. Nobody looks through the cover. */
function looksAt(c: Conversation): boolean {
  return !idle.store.get().covered && document.visibilityState === 'visible' && document.hasFocus() && location.pathname === '/desk/' + c.id
}

function bodyOf(c: Conversation, what: Alert): string {
  return what === 'message' ? (c.last_message?.text ?? c.subject) : c.subject
}

/** Said is what a notification says. Over a page that is covered that is no name and no word of anybody. */
type Said = { title: string; body?: string }

/** notify shows a notification, one for each conversation: a later one takes its place. */
function notify(id: string, { title, body = '' }: Said, open: () => void) {
  const shown = new Notification(title, { body, tag: id, silent: true })
  shown.onclick = () => {
    focus()
    open()
    shown.close()
  }
}
