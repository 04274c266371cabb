import { App, Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { client, queries } from '../app.ts'
import { Pick } from '../names/pick.tsx'
import { useRoleSource } from '../names/roles.tsx'
import { Preview } from '../roles/preview.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { Entries } from './entries.tsx'
import type { Entry } from './person.ts'
import { useText } from './text.ts'

/** Many is what can be done to all those who are chosen. */
export function Many({ chosen, clear }: { chosen: ReadonlyMap<string, string>; clear: () => void }) {
  const t = useText()
  const [changing, setChanging] = useState(false)
  return (
    <div className="many" role="region" aria-label={t('users.many')}>
      <strong role="status">{t('users.count', { count: chosen.size })}</strong>
      <span className="cut quiet">{[...chosen.values()].join(t('users.and'))}</span>
      <Button type="primary" onClick={() => setChanging(true)}>
        {t('users.changeRoles')}
      </Button>
      <Button onClick={clear}>{t('users.clear')}</Button>
      {changing && <ManyRoles users={[...chosen.keys()]} close={() => setChanging(false)} done={clear} />}
    </div>
  )
}

/** ManyRoles gives roles to many and takes others from them, all of it or nothing. */
function ManyRoles({ users, close, done }: { users: string[]; close: () => void; done: () => void }) {
  const t = useText()
  const { message } = App.useApp()
  const source = useRoleSource()
  const [give, setGive] = useState<Entry[]>([])
  const [take, setTake] = useState<string[]>([])
  const [looking, setLooking] = useState(false)
  const body = { users, give, take }

  async function make(preview: string) {
    const { changed } = await client.post('/v1/users/roles', { preview, body })
    void message.success(t('users.manyChanged', { count: changed }))
    for (const key of ['people', 'person', 'access']) void queries.invalidateQueries({ queryKey: [key] })
  }
  function submit(e: FormEvent) {
    e.preventDefault()
    setLooking(true)
  }
  if (looking) {
    const ask = (cursor: string) => client.post('/v1/users/roles/preview', { query: { cursor }, body })
    return <Preview change={['many', body]} ask={ask} make={make} close={() => setLooking(false)} done={done} />
  }
  return (
    <Dialog title={t('users.manyRoles', { count: users.length })} close={close}>
      <form className="stack" onSubmit={submit}>
        <h3>{t('users.give')}</h3>
        <Entries entries={give} change={setGive} />
        <h3>{t('users.take')}</h3>
        <Pick from={source} label={t('users.take')} many none={t('users.chooseRole')} value={take} change={setTake} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" disabled={give.length + take.length === 0}>
            {t('users.review')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
