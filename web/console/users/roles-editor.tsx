import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { Preview } from '../roles/preview.tsx'
import { useChange } from '../shell/change.ts'
import { Entries, entryOf } from './entries.tsx'
import { current, type Entry, inForce, know, type User } from './person.ts'
import { useText } from './text.ts'

type Given = { entries: Entry[]; list: string | undefined }
type Props = { user: User; close: () => void; done: () => void }

/** RolesEditor changes what somebody was given. What that does is seen first; what has run out goes with the change. */
export function RolesEditor({ user, close, done }: Props) {
  const t = useText()
  const form = useChange<Given>({ entries: inForce(user.assignments).map(entryOf), list: user.permission_list?.join('\n') })
  const { entries, list } = form.now
  const setList = (text: string | undefined) => form.put({ list: text })
  const [looking, setLooking] = useState(false)
  const path = { id: user.id }
  const start = user.permission_list ?? user.permissions
  const sent = list?.split(/\s+/).filter(Boolean) ?? null
  const body = { roles: entries, ...(sent || user.permission_list ? { permission_list: sent } : {}) }

  async function make(preview: string) {
    await current(user.id, client.put('/v1/users/{id}/roles', { path, version: user.version, preview, body }))
    know(await client.get('/v1/users/{id}', { path }))
  }
  function submit(e: FormEvent) {
    e.preventDefault()
    setLooking(true)
  }
  return (
    <form className="stack" onSubmit={submit}>
      <fieldset className="decides">
        <legend>{t('users.decides')}</legend>
        <label>
          <input type="radio" name="decides" checked={list === undefined} onChange={() => setList(undefined)} /> {t('users.decidesRoles')}
        </label>
        <label>
          <input type="radio" name="decides" checked={list !== undefined} onChange={() => setList(start.join('\n'))} />{' '}
          {t('users.decidesList')}
        </label>
      </fieldset>
      {list !== undefined && (
        <label className="field">
          {t('users.ownList')}
          <Input.TextArea value={list} onChange={(e) => setList(e.target.value)} rows={8} spellCheck={false} className="code" />
          <small>{t('users.ownListFormat')}</small>
        </label>
      )}
      {inForce(user.assignments).length < user.assignments.length && <p className="quiet">{t('users.expiredGo')}</p>}
      <Entries entries={entries} change={(next) => form.put({ entries: next })} />
      <div className="row-end">
        <Button onClick={close}>{t('cancel')}</Button>
        <Button type="primary" htmlType="submit">
          {t('users.review')}
        </Button>
      </div>
      {looking && (
        <Preview
          change={['roles of', user.id, user.version, body]}
          ask={(cursor) => client.post('/v1/users/{id}/roles/preview', { path, query: { cursor }, body })}
          make={make}
          close={() => setLooking(false)}
          done={done}
        />
      )}
    </form>
  )
}
