import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import type { CannedReply } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { useDepartments } from '../listing/known.ts'
import { Panel } from '../listing/panel.tsx'
import { Removal } from '../listing/removal.tsx'
import { Select } from '../listing/select.tsx'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

/** ReplyPanel makes a canned reply, or changes and deletes one. */
export function ReplyPanel({ reply: r, close, done }: { reply: CannedReply | undefined; close: () => void; done: () => void }) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const deed = useDeed()
  const departments = useDepartments()
  const [title, setTitle] = useState(r?.title ?? '')
  const [shortcut, setShortcut] = useState(r?.shortcut ?? '')
  const [department, setDepartment] = useState(r?.department?.id ?? '')
  const [text, setText] = useState(r?.body ?? '')
  const mayChange = may(r ? 'canned_reply:update' : 'canned_reply:create')

  async function save(e: FormEvent) {
    e.preventDefault()
    const body = { title: title.trim(), body: text, shortcut: shortcut || null, department: department || null }
    const saved = await deed.act(() => (r ? client.patch('/v1/canned-replies/{id}', { path: { id: r.id }, version: r.version, body }) : client.post('/v1/canned-replies', { body })))
    if (!saved) return
    message.success(t('replies.saved'))
    done()
  }
  return (
    <Panel label={r?.title ?? t('replies.new')} title={r?.title ?? t('replies.new')} close={close}>
      <form className="stack" onSubmit={(e) => void save(e)}>
        <label className="field">
          {t('replies.name')}
          <Input value={title} maxLength={128} required disabled={!mayChange} onChange={(e) => setTitle(e.target.value)} />
        </label>
        <label className="field">
          {t('replies.shortcut')}
          <Input value={shortcut} maxLength={32} pattern="[a-z0-9_\-]+" prefix="/" spellCheck={false} disabled={!mayChange} onChange={(e) => setShortcut(e.target.value)} />
          <small>{t('replies.shortcutHelp')}</small>
        </label>
        <Select label={t('replies.department')} none={t('replies.everybody')} value={department} options={departments} kept={r?.department} change={setDepartment} />
        <label className="field">
          {t('replies.body')}
          <Input.TextArea value={text} rows={8} maxLength={8000} required disabled={!mayChange} onChange={(e) => setText(e.target.value)} />
        </label>
        <Refused error={deed.error} />
        <div className="row-end">
          {r && may('canned_reply:delete') && (
            <Removal
              label={t('replies.delete')}
              question={t('replies.deleteQuestion', { name: r.title })}
              deed={deed}
              remove={() => client.delete('/v1/canned-replies/{id}', { path: { id: r.id }, version: r.version })}
              done={done}
            />
          )}
          {mayChange && (
            <Button type="primary" htmlType="submit" loading={deed.busy}>
              {t('replies.save')}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  )
}
