import { useNavigate, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { client, queries } from '../app.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { Search } from '../listing/search.tsx'
import { useMay } from '../shell/may.ts'
import { useStill } from '../shell/still.ts'
import { DepartmentForm } from './form.tsx'
import { type Department, DepartmentName } from './name.tsx'
import { DepartmentPanel } from './panel.tsx'
import { useText } from './text.ts'
import { Tree } from './tree.tsx'
import './departments.css'

/** Departments is the tree of them, or those that a search finds, and the one that is open. */
export function Departments() {
  const t = useText()
  const may = useMay()
  const navigate = useNavigate()
  const still = useStill()
  const { id } = useParams({ strict: false }) as { id?: string }
  const [q, setQ] = useState('')
  const [making, setMaking] = useState(false)
  const open = (to: string) => void navigate({ to: '/departments/$id', params: { id: to }, ignoreBlocker: true })
  const close = () => still() && void navigate({ to: '/departments', ignoreBlocker: true })
  return (
    <div className="page">
      <section className="page-main">
        <div className="page-head">
          <h1>{t('menu.departments')}</h1>
          <Search label={t('departments.search')} change={setQ} />
          {may('department:create') && (
            <Button type="primary" onClick={() => setMaking(true)}>
              {t('departments.create')}
            </Button>
          )}
        </div>
        {q ? <FoundDepartments q={q} open={open} openId={id} /> : <Tree open={open} openId={id} />}
      </section>
      {id && <DepartmentPanel key={id} id={id} open={open} close={close} />}
      {making && (
        <DepartmentForm
          close={() => setMaking(false)}
          done={(made) => {
            setMaking(false)
            void queries.invalidateQueries({ queryKey: ['departments'] })
            if (still()) open(made.id)
          }}
        />
      )}
    </div>
  )
}

/** FoundDepartments are those of which the name has a text in it, wherever they stand. */
function FoundDepartments({ q, open, openId }: { q: string; open: (id: string) => void; openId: string | undefined }) {
  const t = useText()
  const found = usePages<Department>(['departments', 'found', q], (cursor) => client.get('/v1/departments', { query: { q, limit: 50, cursor } }))
  const columns: Column<Department>[] = [
    { text: t('departments.name'), of: (d) => <Opener text={d.name} open={() => open(d.id)} /> },
    { text: t('departments.above'), of: (d) => d.parent && <DepartmentName id={d.parent} /> },
  ]
  return <Listing label={t('menu.departments')} columns={columns} found={found} keyOf={(d) => d.id} isOpen={(d) => d.id === openId} none={t('pick.none')} />
}
