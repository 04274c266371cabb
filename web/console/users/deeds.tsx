import { App, Button } from 'antd'
import { useState } from 'react'
import { client, queries, session } from '../app.ts'
import { Preview } from '../roles/preview.tsx'
import { Confirm } from '../shell/confirm.tsx'
import { useMay } from '../shell/may.ts'
import { Edit } from './edit.tsx'
import { Link } from './link.tsx'
import { current, know, readAgain, type User } from './person.ts'
import { useText } from './text.ts'

type Doing = 'edit' | 'link' | 'active' | 'factor' | 'delete'

/** Deeds are what can be done to a user. Whoever it is never does to themselves what takes access away. */
export function Deeds({ user: u, gone }: { user: User; gone: () => void }) {
  const t = useText()
  const may = useMay()
  const { message } = App.useApp()
  const [doing, setDoing] = useState<Doing>()
  const other = session.user?.id !== u.id
  const close = () => setDoing(undefined)
  const done = (said: string) => {
    close()
    void message.success(said)
  }
  const path = { id: u.id }
  const verb = u.active ? 'disable' : 'enable'
  return (
    <div className="deeds">
      {may('user:update') && <Button onClick={() => void readAgain(u.id).then(() => setDoing('edit'))}>{t('users.edit')}</Button>}
      {other && u.active && may('user:reset_credentials') && <Button onClick={() => setDoing('link')}>{t('users.link')}</Button>}
      {other && u.second_factor && may('user:reset_credentials') && <Button onClick={() => setDoing('factor')}>{t('users.resetFactor')}</Button>}
      {other && may('user:disable') && (
        <Button danger={u.active} onClick={() => setDoing('active')}>
          {t(`users.${verb}`)}
        </Button>
      )}
      {other && !u.active && may('user:delete') && (
        <Button danger onClick={() => setDoing('delete')}>
          {t('users.delete')}
        </Button>
      )}

      {doing === 'edit' && <Edit user={u} close={close} done={() => done(t('users.saved'))} />}
      {doing === 'link' && <Link user={u} close={close} />}
      {doing === 'factor' && (
        <Confirm
          title={t('users.resetFactorOf', { name: u.name })}
          save={t('users.resetFactor')}
          danger
          make={async () => know(await client.post('/v1/users/{id}/second-factor/reset', { path }))}
          close={close}
          done={() => done(t('users.factorReset'))}
        >
          <p>{t('users.resetFactorHelp')}</p>
        </Confirm>
      )}
      {doing === 'active' && (
        <Preview
          title={t(`users.${verb}Of`, { name: u.name })}
          save={t(`users.${verb}`)}
          danger={u.active}
          change={['active', u.id, u.version, !u.active]}
          ask={(cursor) => client.post('/v1/users/{id}/preview', { path, query: { cursor }, body: { active: !u.active } })}
          make={async (preview) => know(await client.post(`/v1/users/{id}/${verb}`, { path, preview }))}
          close={close}
          done={() => done(t(u.active ? 'users.isDisabled' : 'users.isEnabled', { name: u.name }))}
        >
          <p className="hint">{t(`users.${verb}Help`)}</p>
        </Preview>
      )}
      {doing === 'delete' && (
        <Preview
          title={t('users.deleteOf', { name: u.name })}
          save={t('users.delete')}
          danger
          change={['delete', u.id, u.version]}
          ask={(cursor) => client.post('/v1/users/{id}/preview', { path, query: { cursor }, body: { delete: true } })}
          make={(preview) => current(u.id, client.delete('/v1/users/{id}', { path, version: u.version, preview }))}
          close={close}
          done={() => {
            done(t('users.isDeleted', { name: u.name }))
            void queries.invalidateQueries({ queryKey: ['people'] })
            gone()
          }}
        >
          <p className="hint">{t('users.deleteHelp')}</p>
        </Preview>
      )}
    </div>
  )
}
