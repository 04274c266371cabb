import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { FactFields, factsOf } from './facts.tsx'
import { useText } from './text.ts'

/** Create makes a role that grants nothing yet; the matrix gives it its permissions. */
export function Create({ close, done }: { close: () => void; done: (name: string) => void }) {
  const t = useText()
  const { busy, error, act } = useDeed()
  const [name, setName] = useState('')
  const [facts, setFacts] = useState(factsOf())

  async function make(e: FormEvent) {
    e.preventDefault()
    if (await act(() => client.post('/v1/roles', { body: { name, permissions: [], ...facts } }))) done(name)
  }
  return (
    <Dialog title={t('roles.create')} width={480} close={close}>
      <form className="stack" onSubmit={(e) => void make(e)}>
        <label className="field">
          {t('roles.name')}
          <Input value={name} onChange={(e) => setName(e.target.value)} required pattern="[a-z][a-z0-9_]{0,63}" spellCheck={false} autoFocus />
          <small>{t('roles.nameHelp')}</small>
        </label>
        <FactFields facts={facts} put={(part) => setFacts({ ...facts, ...part })} />
        <p className="quiet">{t('roles.createHelp')}</p>
        <Refused error={error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t('roles.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
