import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import type { CannedReply } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { Removal } from '../listing/removal.tsx'
import { departments } from '../names/departments.ts'
import { PickOne } from '../names/one.tsx'
import { keep } from '../names/source.ts'
import { meant, useChange } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

type Props = { reply: CannedReply | undefined; again: () => Promise<unknown>; close: () => void; done: () => void }

type Fields = { title: string; shortcut: string; department: string; body: string }

/** changeOf is what of a reply is changed. */
function changeOf({ title, shortcut, department, body }: Partial<Fields>) {
  return {
    ...(title === undefined ? {} : { title: title.trim() }),
    ...(shortcut === undefined ? {} : { shortcut: shortcut || null }),
    ...(department === undefined ? {} : { department: department || null }),
    ...(body === undefined ? {} : { body }),
  }
}

/** ReplyPanel makes a canned reply, or changes and deletes one. */
export function ReplyPanel({ reply: r, again, close, done }: Props) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const deed = useDeed()
  useState(() => r?.department && keep(departments, [r.department]))
  const { now, put, sent } = useChange<Fields>({ title: r?.title ?? '', shortcut: r?.shortcut ?? '', department: r?.department?.id ?? '', body: r?.body ?? '' })
  const mayChange = may(r ? 'canned_reply:update' : 'canned_reply:create')

  async function save(e: FormEvent) {
    e.preventDefault()
    const saved = await deed.act(() => (r ? meant(client.patch('/v1/canned-replies/{id}', { path: { id: r.id }, version: r.version, body: changeOf(sent) }), again) : client.post('/v1/canned-replies', { body: { ...changeOf(now), title: now.title.trim(), body: now.body } })))
    if (!saved) return
    message.success(t('replies.saved'))
    done()
  }
  return (
    <Panel label={r?.title ?? t('replies.new')} title={r?.title ?? t('replies.new')} close={close}>
      <form className="stack" onSubmit={(e) => void save(e)}>
        <label className="field">
          {t('replies.name')}
          <Input value={now.title} maxLength={128} required disabled={!mayChange} onChange={(e) => put({ title: e.target.value })} />
        </label>
        <label className="field">
          {t('replies.shortcut')}
          <Input value={now.shortcut} maxLength={32} pattern="[a-z0-9_\-]+" prefix="/" spellCheck={false} disabled={!mayChange} onChange={(e) => put({ shortcut: e.target.value })} />
          <small>{t('replies.shortcutHelp')}</small>
        </label>
        <PickOne
          from={departments}
          label={t('replies.department')}
          none={t('replies.everybody')}
          value={now.department}
          change={(department) => put({ department })}
          disabled={!mayChange}
        />
        <label className="field">
          {t('replies.body')}
          <Input.TextArea value={now.body} rows={8} maxLength={8000} required disabled={!mayChange} onChange={(e) => put({ body: e.target.value })} />
        </label>
        <Refused error={deed.error} kept />
        <div className="row-end">
          {r && may('canned_reply:delete') && (
            <Removal
              label={t('replies.delete')}
              question={t('replies.deleteQuestion', { name: r.title })}
              deed={deed}
              remove={() => meant(client.delete('/v1/canned-replies/{id}', { path: { id: r.id }, version: r.version }), again)}
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
