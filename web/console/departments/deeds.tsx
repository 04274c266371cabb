import { App, Button } from 'antd'
import { useState } from 'react'
import { client, queries } from '../app.ts'
import { Preview } from '../roles/preview.tsx'
import { meant } from '../shell/change.ts'
import { useMay } from '../shell/may.ts'
import { DepartmentForm, departmentsAgain } from './form.tsx'
import type { Department } from './name.tsx'
import { useText } from './text.ts'

/** Deeds are what can be done to a department. */
export function Deeds({ department: d, open, gone }: { department: Department; open: (id: string) => void; gone: () => void }) {
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
        <Deletion
          department={d}
          close={close}
          done={() => {
            close()
            void message.success(t('departments.isDeleted'))
            gone()
          }}
        />
      )}
    </div>
  )
}

function Deletion({ department: d, close, done }: { department: Department; close: () => void; done: () => void }) {
  const t = useText()
  const path = { id: d.id }
  return (
    <Preview
      title={t('departments.deleteOf', { name: d.name })}
      save={t('departments.delete')}
      danger
      change={['delete department', d.id, d.version]}
      ask={(cursor) => client.post('/v1/departments/{id}/preview', { path, query: { cursor }, body: { delete: true } })}
      make={(preview) => meant(client.delete('/v1/departments/{id}', { path, version: d.version, preview }), departmentsAgain)}
      close={close}
      done={() => {
        done()
        void queries.invalidateQueries({ queryKey: ['departments'], predicate: (q) => q.queryKey[1] !== 'open' }) // it is not there to be read again
      }}
    >
      <p className="hint">{t('departments.deleteHelp')}</p>
    </Preview>
  )
}
