import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import type { Conversation } from '../../shared/desk/desk.ts'
import type { Thread } from '../../shared/desk/thread.ts'
import { client } from '../app.ts'
import { Pick } from '../names/pick.tsx'
import { keep } from '../names/source.ts'
import { tags } from '../names/tags.ts'
import { useChange } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { inbox } from './inbox.ts'
import { useText } from './text.ts'

/** Edit changes what a conversation is about: subject, priority and tags, for the version that was shown. */
export function Edit({ conversation: c, thread, close }: { conversation: Conversation; thread: Thread; close: () => void }) {
  const t = useText()
  const deed = useDeed()
  useState(() => keep(tags, c.tags ?? []))
  const { now, put, sent, changed } = useChange({ subject: c.subject, priority: c.priority ?? 0, tags: (c.tags ?? []).map((tag) => tag.id) })
  async function save(e: FormEvent) {
    e.preventDefault()
    if (!changed) return close()
    const body = { ...sent, ...(sent.subject === undefined ? {} : { subject: sent.subject.trim() }) }
    const done = await deed.act(async () => {
      const patched = await client.patch('/v1/conversations/{id}', { path: { id: c.id }, version: c.version, body })
      thread.update(patched)
      inbox.take(patched)
    })
    if (done) close()
    else void thread.read() // somebody else may have been faster
  }
  return (
    <Dialog title={t('edit.title')} width={460} close={close}>
      <form className="stack" onSubmit={(e) => void save(e)}>
        <label className="field">
          {t('edit.subject')}
          <Input value={now.subject} onChange={(e) => put({ subject: e.target.value })} maxLength={200} required autoFocus />
        </label>
        <label className="field">
          {t('details.priority')}
          <select value={now.priority} onChange={(e) => put({ priority: Number(e.target.value) })}>
            {([0, 1, 2, 3] as const).map((p) => (
              <option key={p} value={p}>
                {t(`details.priority.${p}`)}
              </option>
            ))}
          </select>
        </label>
        <div className="field">
          {t('details.tags')}
          <Pick from={tags} label={t('details.tags')} value={now.tags} change={(chosen) => put({ tags: chosen })} many none={t('edit.noTags')} />
        </div>
        <Refused error={deed.error} kept />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={deed.busy}>
            {t('edit.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
