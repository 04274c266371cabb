import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { client } from '../app.ts'
import { Listing } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { leave } from '../shell/draft.ts'
import { useMay } from '../shell/may.ts'
import { useStill } from '../shell/still.ts'
import { useColumns } from './columns.tsx'
import { Create } from './create.tsx'
import { type Filter, queryOf } from './filter.ts'
import { Filters } from './filters.tsx'
import { Many } from './many.tsx'
import { UserPanel } from './panel.tsx'
import type { Person } from './person.ts'
import { useText } from './text.ts'
import './users.css'

/** Users finds people, and shows the one that is open. What is searched for and who is open stand in the address. */
export function Users() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const still = useStill()
  const { id } = useParams({ strict: false }) as { id?: string }
  const filter = useSearch({ strict: false }) as Filter
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map())
  const [making, setMaking] = useState(false)
  const found = usePages<Person>(['people', filter], (cursor) => client.get('/v1/users', { query: { ...queryOf(filter), limit: 50, cursor } }))
  const open = (to: string) => void navigate({ to: '/users/$id', params: { id: to }, search: filter, ignoreBlocker: true })
  const close = () => still() && void navigate({ to: '/users', search: filter, ignoreBlocker: true })
  const columns = useColumns({ open, ...(may('role:assign') ? { chosen, choose: setChosen } : {}) })
  return (
    <div className="page">
      <section className="page-main">
        <div className="page-head">
          <h1>{t('menu.users')}</h1>
          {may('user:create') && (
            <Button type="primary" onClick={() => leave(() => setMaking(true))}>
              {t('users.invite')}
            </Button>
          )}
        </div>
        <Filters filter={filter} change={(f) => void navigate({ to: '.', search: f, replace: true })} />
        {chosen.size > 0 && <Many chosen={chosen} clear={() => setChosen(new Map())} />}
        <Listing label={t('users.list')} columns={columns} found={found} keyOf={(p) => p.id} isOpen={(p) => p.id === id} none={t('users.none')} />
      </section>
      {id && <UserPanel key={id} id={id} known={found.items.find((p) => p.id === id)} close={close} />}
      {making && (
        <Create
          close={() => setMaking(false)}
          done={(made) => {
            setMaking(false)
            void found.refetch()
            if (still()) open(made)
          }}
        />
      )}
    </div>
  )
}
