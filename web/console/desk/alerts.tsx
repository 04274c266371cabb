import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Conversation } from '../../shared/desk/desk.ts'
import { session } from '../app.ts'
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
        if (notification) notify(row, t(`alert.${what}`, { name: row.requester.name }), what, () => void navigate({ to: '/desk/$id', params: { id: row.id } }))
      }),
    [t, navigate],
  )
  return null
}

/** looksAt tells whether a conversation is open where one looks. */
function looksAt(c: Conversation): boolean {
  return document.visibilityState === 'visible' && document.hasFocus() && location.pathname === '/desk/' + c.id
}

/** notify shows a notification, one for each conversation: a later one takes its place. */
function notify(c: Conversation, title: string, what: Alert, open: () => void) {
  const shown = new Notification(title, { body: what === 'message' ? (c.last_message?.text ?? c.subject) : c.subject, tag: c.id, silent: true })
  shown.onclick = () => {
    focus()
    open()
    shown.close()
  }
}
