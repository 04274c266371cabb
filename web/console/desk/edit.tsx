import { Button, Input, Modal } from 'antd'
import { type FormEvent, useState } from 'react'
import type { Conversation } from '../../shared/desk/desk.ts'
import type { Thread } from '../../shared/desk/thread.ts'
import { client } from '../app.ts'
import { Pick } from '../names/pick.tsx'
import { keep } from '../names/source.ts'
import { tags } from '../names/tags.ts'
import { useDeed } from '../shell/deed.ts'
import { Refused } from '../shell/refused.tsx'
import { inbox } from './inbox.ts'
import { useText } from './text.ts'

/** Edit changes what a conversation is about: subject, priority and tags, for the version that was shown. */
export function Edit({ conversation: c, thread, close }: { conversation: Conversation; thread: Thread; close: () => void }) {
  const t = useText()
  const deed = useDeed()
  const [subject, setSubject] = useState(c.subject)
  const [priority, setPriority] = useState(c.priority ?? 0)
  const [chosen, setChosen] = useState(() => keep(tags, c.tags ?? []).map((tag) => tag.id))
  async function save(e: FormEvent) {
    e.preventDefault()
    const before = (c.tags ?? []).map((tag) => tag.id)
    const body = {
      ...(subject.trim() === c.subject ? {} : { subject: subject.trim() }),
      ...(priority === (c.priority ?? 0) ? {} : { priority }),
      ...(chosen.join() === before.join() ? {} : { tags: chosen }),
    }
    if (Object.keys(body).length === 0) return close()
    const done = await deed.act(async () => {
      const changed = await client.patch('/v1/conversations/{id}', { path: { id: c.id }, version: c.version, body })
      thread.update(changed)
      inbox.take(changed)
    })
    if (done) close()
    else void thread.read() // somebody else may have been faster
  }
  return (
    <Modal open title={t('edit.title')} footer={null} width={460} onCancel={close}>
      <form className="stack" onSubmit={(e) => void save(e)}>
        <label className="field">
          {t('edit.subject')}
          <Input value={subject} onChange={(e) => setSubject(e.target.value)} maxLength={200} required autoFocus />
        </label>
        <label className="field">
          {t('details.priority')}
          <select value={priority} onChange={(e) => setPriority(Number(e.target.value))}>
            {([0, 1, 2, 3] as const).map((p) => (
              <option key={p} value={p}>
                {t(`details.priority.${p}`)}
              </option>
            ))}
          </select>
        </label>
        <div className="field">
          {t('details.tags')}
          <Pick from={tags} label={t('details.tags')} value={chosen} change={setChosen} many none={t('edit.noTags')} />
        </div>
        <Refused error={deed.error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={deed.busy}>
            {t('edit.save')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
