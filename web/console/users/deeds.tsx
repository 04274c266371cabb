import { App, Button } from 'antd'
import { useState } from 'react'
import { session } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { Edit } from './edit.tsx'
import { ActiveChange, Deletion, FactorReset } from './endings.tsx'
import { Link } from './link.tsx'
import { readAgain, type User } from './person.ts'
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
  return (
    <div className="deeds">
      {may('user:update') && <Button onClick={() => void readAgain(u.id).then(() => setDoing('edit'))}>{t('users.edit')}</Button>}
      {other && u.active && may('user:reset_credentials') && <Button onClick={() => setDoing('link')}>{t('users.link')}</Button>}
      {other && u.second_factor && may('user:reset_credentials') && <Button onClick={() => setDoing('factor')}>{t('users.resetFactor')}</Button>}
      {other && may('user:disable') && (
        <Button danger={u.active} onClick={() => setDoing('active')}>
          {t(u.active ? 'users.disable' : 'users.enable')}
        </Button>
      )}
      {other && !u.active && may('user:delete') && (
        <Button danger onClick={() => setDoing('delete')}>
          {t('users.delete')}
        </Button>
      )}
      {doing === 'edit' && <Edit user={u} close={close} done={() => done(t('users.saved'))} />}
      {doing === 'link' && <Link user={u} close={close} />}
      {doing === 'factor' && <FactorReset user={u} close={close} done={done} />}
      {doing === 'active' && <ActiveChange user={u} close={close} done={done} />}
      {doing === 'delete' && (
        <Deletion
          user={u}
          close={close}
          done={(said) => {
            done(said)
            gone()
          }}
        />
      )}
    </div>
  )
}
