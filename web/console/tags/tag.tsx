import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { Removal } from '../listing/removal.tsx'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import type { Tag } from './tags.tsx'
import { useText } from './text.ts'

/** TagPanel makes a tag, or renames and deletes one. */
export function TagPanel({ tag, close, done }: { tag: Tag | undefined; close: () => void; done: () => void }) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const deed = useDeed()
  const [name, setName] = useState(tag?.name ?? '')
  const mayChange = may(tag ? 'tag:update' : 'tag:create')

  async function save(e: FormEvent) {
    e.preventDefault()
    const body = { name: name.trim() }
    if (!(await deed.act(() => (tag ? client.patch('/v1/tags/{id}', { path: { id: tag.id }, version: tag.version, body }) : client.post('/v1/tags', { body }))))) return
    message.success(t('tags.saved'))
    done()
  }
  return (
    <Panel label={tag?.name ?? t('tags.new')} title={tag?.name ?? t('tags.new')} close={close}>
      <form className="stack" onSubmit={(e) => void save(e)}>
        <label className="field">
          {t('tags.name')}
          <Input value={name} maxLength={64} required disabled={!mayChange} onChange={(e) => setName(e.target.value)} />
        </label>
        <Refused error={deed.error} />
        <div className="row-end">
          {tag && may('tag:delete') && (
            <Removal
              label={t('tags.delete')}
              question={t('tags.deleteQuestion', { name: tag.name })}
              deed={deed}
              remove={() => client.delete('/v1/tags/{id}', { path: { id: tag.id }, version: tag.version })}
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
