import { App, Button, Input } from 'antd'
import type { FormEvent } from 'react'
import { client } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { Removal } from '../listing/removal.tsx'
import { meant, useChange } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import type { Tag } from './tags.tsx'
import { useText } from './text.ts'

type Props = { tag: Tag | undefined; again: () => Promise<unknown>; close: () => void; done: () => void }

/** TagPanel makes a tag, or renames and deletes one. */
export function TagPanel({ tag, again, close, done }: Props) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const deed = useDeed()
  const { now, put } = useChange({ name: tag?.name ?? '' })
  const mayChange = may(tag ? 'tag:update' : 'tag:create')

  async function save(e: FormEvent) {
    e.preventDefault()
    const body = { name: now.name.trim() }
    if (!(await deed.act(() => (tag ? meant(client.patch('/v1/tags/{id}', { path: { id: tag.id }, version: tag.version, body }), again) : client.post('/v1/tags', { body }))))) return
    message.success(t('tags.saved'))
    done()
  }
  return (
    <Panel label={tag?.name ?? t('tags.new')} title={tag?.name ?? t('tags.new')} close={close}>
      <form className="stack" onSubmit={(e) => void save(e)}>
        <label className="field">
          {t('tags.name')}
          <Input value={now.name} maxLength={64} required disabled={!mayChange} onChange={(e) => put({ name: e.target.value })} />
        </label>
        <Refused error={deed.error} kept />
        <div className="row-end">
          {tag && may('tag:delete') && (
            <Removal
              label={t('tags.delete')}
              question={t('tags.deleteQuestion', { name: tag.name })}
              deed={deed}
              remove={() => meant(client.delete('/v1/tags/{id}', { path: { id: tag.id }, version: tag.version }), again)}
              done={done}
            />
          )}
          {mayChange && (
            <Button type="primary" htmlType="submit" loading={deed.busy}>
              {t('tags.save')}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  )
}
