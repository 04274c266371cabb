import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import type { Agent } from '../../shared/desk/desk.ts'
import { client } from '../app.ts'
import { Search } from '../listing/search.tsx'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { LimitFields, type Limits } from './limits.tsx'
import { useText } from './text.ts'

/** Hire makes a user an agent, with a limit and skills, before they have ever been online. */
export function Hire({ close, done }: { close: () => void; done: (made: Agent) => void }) {
  const t = useText()
  const deed = useDeed()
  const [user, setUser] = useState('')
  const [limits, setLimits] = useState<Limits>({ max_load: 5, skill_tags: [] })

  async function make(e: FormEvent) {
    e.preventDefault()
    await deed.act(async () => done(await client.post('/v1/agents', { body: { user, ...limits } })))
  }
  return (
    <Dialog title={t('agents.new')} close={close}>
      <form className="stack" onSubmit={(e) => void make(e)}>
        <p className="quiet">{t('agents.newHelp')}</p>
        <People chosen={user} choose={setUser} />
        <LimitFields limits={limits} change={(part) => setLimits({ ...limits, ...part })} />
        <Refused error={deed.error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={deed.busy} disabled={!user}>
            {t('agents.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** People are the users whom the server finds for a name, to choose one of. */
function People({ chosen, choose }: { chosen: string; choose: (id: string) => void }) {
  const t = useText()
  const [q, setQ] = useState('')
  const found = useQuery({ queryKey: ['hirable', q], queryFn: () => client.get('/v1/users', { query: { q, limit: 8 } }), refetchOnWindowFocus: false })
  return (
    <div className="stack">
      <Search label={t('agents.whom')} change={setQ} />
      <Refused error={found.error} again={() => void found.refetch()} />
      <div className="options" role="radiogroup" aria-label={t('agents.whom')}>
        {found.isPending && <div className="ghost-box" />}
        {found.data?.items.length === 0 && <p className="quiet">{t('agents.nobody')}</p>}
        {found.data?.items.map((u) => (
          <label key={u.id} className="option">
            <input type="radio" name="user" checked={chosen === u.id} onChange={() => choose(u.id)} />
            {u.name}
            {'username' in u && <small>{u.username}</small>}
          </label>
        ))}
      </div>
    </div>
  )
}
