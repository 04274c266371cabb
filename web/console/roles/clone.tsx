import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { useLanguage, useText } from './text.ts'
import { labelOf } from './names.ts'
import type { Role } from './grants.ts'

/** Clone makes a role of one's own from another, which is how built-in ones are changed. */
export function Clone({ role, close, done }: { role: Role; close: () => void; done: (made: Role) => void }) {
  const t = useText()
  const language = useLanguage()
  const [name, setName] = useState(role.name + '_2')
  const [label, setLabel] = useState('')
  const [error, setError] = useState<unknown>()

  async function make(e: FormEvent) {
    e.preventDefault()
    const labels = label ? { label_zh: label, label_en: label } : {}
    try {
      done(await client.post('/v1/roles/{name}/clone', { path: { name: role.name }, body: { name, ...labels } }))
    } catch (e) {
      setError(e)
    }
  }
  return (
    <Dialog title={t('roles.cloneOf', { role: labelOf(role, language) })} width={420} close={close}>
      <form className="stack" onSubmit={(e) => void make(e)}>
        <label className="field">
          {t('roles.name')}
          <Input value={name} onChange={(e) => setName(e.target.value)} required spellCheck={false} autoFocus />
          <small>{t('roles.nameHelp')}</small>
        </label>
        <label className="field">
          {t('roles.label')}
          <Input value={label} onChange={(e) => setLabel(e.target.value)} />
        </label>
        <Refused error={error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit">
            {t('roles.clone')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
