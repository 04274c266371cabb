import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client, queries } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { Preview } from '../roles/preview.tsx'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { DepartmentForm } from './form.tsx'
import { type Department, useDepartment } from './name.tsx'
import { useLanguage, useText } from './text.ts'

type Props = { id: string; open: (id: string) => void; close: () => void }

/** DepartmentPanel is one department: where it stands, and what can be done to it. */
export function DepartmentPanel({ id, open, close }: Props) {
  const t = useText()
  const language = useLanguage()
  const may = useMay()
  const read = useQuery({ queryKey: ['departments', 'open', id], queryFn: () => client.get('/v1/departments/{id}', { path: { id } }), refetchOnWindowFocus: false })
  const d = read.data
  return (
    <Panel label={t('departments.panel')} title={d?.name ?? '…'} close={close}>
      <Refused error={read.error} again={() => void read.refetch()} />
      {read.isPending && <div className="ghost-box" aria-busy="true" />}
      {d && (
        <>
          <Deeds department={d} open={open} gone={close} />
          <dl>
            <dt>{t('departments.above')}</dt>
            <dd>{d.parent ? <Above id={d.parent} open={open} /> : t('departments.root')}</dd>
            {may('user:read', 'user:view') && (
              <>
                <dt>{t('departments.people')}</dt>
                <dd>
                  <Link to="/users" search={{ department: d.id }}>
                    {t('departments.showPeople')}
                  </Link>
                </dd>
              </>
            )}
            <dt>{t('departments.created')}</dt>
            <dd>{exact(d.created_at, language)}</dd>
            <dt>{t('departments.updated')}</dt>
            <dd>{exact(d.updated_at, language)}</dd>
            <dt>{t('departments.id')}</dt>
            <dd>
              <code>{d.id}</code>
            </dd>
          </dl>
        </>
      )}
    </Panel>
  )
}

/** Above are the departments above one, from the root on. */
function Above({ id, open }: { id: string; open: (id: string) => void }) {
  const { department: d } = useDepartment(id)
  return (
    <>
      {d?.parent && (
        <>
          <Above id={d.parent} open={open} /> /{' '}
        </>
      )}
      {d ? (
        <button type="button" className="plain-button above" onClick={() => open(id)}>
          {d.name}
        </button>
      ) : (
        <code>…{id.slice(-8)}</code>
      )}
    </>
  )
}

function Deeds({ department: d, open, gone }: { department: Department; open: (id: string) => void; gone: () => void }) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const [doing, setDoing] = useState<'edit' | 'below' | 'delete'>()
  const close = () => setDoing(undefined)
  const saved = () => {
    close()
    void message.success(t('departments.saved'))
    void queries.invalidateQueries({ queryKey: ['departments'] })
  }
  return (
    <div className="deeds">
      {may('department:update') && <Button onClick={() => setDoing('edit')}>{t('departments.edit')}</Button>}
      {may('department:create') && <Button onClick={() => setDoing('below')}>{t('departments.createBelow')}</Button>}
      {may('department:delete') && (
        <Button danger onClick={() => setDoing('delete')}>
          {t('departments.delete')}
        </Button>
      )}
      {doing === 'edit' && <DepartmentForm department={d} close={close} done={saved} />}
      {doing === 'below' && (
        <DepartmentForm
          above={d.id}
          close={close}
          done={(made) => {
            saved()
            open(made.id)
          }}
        />
      )}
      {doing === 'delete' && (
        <Preview
          title={t('departments.deleteOf', { name: d.name })}
          save={t('departments.delete')}
          danger
          change={['delete department', d.id, d.version]}
          ask={(cursor) => client.post('/v1/departments/{id}/preview', { path: { id: d.id }, query: { cursor }, body: { delete: true } })}
          make={(preview) => client.delete('/v1/departments/{id}', { path: { id: d.id }, version: d.version, preview })}
          close={close}
          done={() => {
            close()
            void message.success(t('departments.isDeleted'))
            gone()
            void queries.invalidateQueries({ queryKey: ['departments'], predicate: (q) => q.queryKey[1] !== 'open' }) // it is not there to be read again
          }}
        >
          <p className="hint">{t('departments.deleteHelp')}</p>
        </Preview>
      )}
    </div>
  )
}
