import { client, queries } from '../app.ts'
import { Preview } from '../roles/preview.tsx'
import { Confirm } from '../shell/confirm.tsx'
import { current, know, type User } from './person.ts'
import { useText } from './text.ts'

type Props = { user: User; close: () => void; done: (said: string) => void }

/** FactorReset takes a second factor away from somebody who has lost it. */
export function FactorReset({ user: u, close, done }: Props) {
  const t = useText()
  return (
    <Confirm
      title={t('users.resetFactorOf', { name: u.name })}
      save={t('users.resetFactor')}
      danger
      make={async () => know(await client.post('/v1/users/{id}/second-factor/reset', { path: { id: u.id } }))}
      close={close}
      done={() => done(t('users.factorReset'))}
    >
      <p>{t('users.resetFactorHelp')}</p>
    </Confirm>
  )
}

/** ActiveChange disables somebody, or lets them in again. */
export function ActiveChange({ user: u, close, done }: Props) {
  const t = useText()
  const path = { id: u.id }
  const verb = u.active ? 'disable' : 'enable'
  return (
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
  )
}

/** Deletion removes a user for good. */
export function Deletion({ user: u, close, done }: Props) {
  const t = useText()
  const path = { id: u.id }
  return (
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
      }}
    >
      <p className="hint">{t('users.deleteHelp')}</p>
    </Preview>
  )
}
