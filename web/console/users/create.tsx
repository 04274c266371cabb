import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { Pick } from '../names/pick.tsx'
import { useRoleSource } from '../names/roles.tsx'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { Link } from './link.tsx'
import type { Person } from './person.ts'
import { type Profile, ProfileFields } from './profile.tsx'
import { useText } from './text.ts'

/** Create makes a user, and then the link by which they choose a password. */
export function Create({ close, done }: { close: () => void; done: (id: string) => void }) {
  const t = useText()
  const may = useMay()
  const source = useRoleSource()
  const [profile, setProfile] = useState<Profile>({ username: '', name: '', email: '', phone: '', locale: '', departments: [] })
  const [roles, setRoles] = useState<string[]>([])
  const [made, setMade] = useState<Person>()
  const { busy, error, act } = useDeed()

  function submit(e: FormEvent) {
    e.preventDefault()
    void act(async () => {
      const user = await client.post('/v1/users', { body: { ...sent(profile), ...(roles.length > 0 ? { roles } : {}) } })
      if (may('user:reset_credentials')) setMade(user)
      else done(user.id)
    })
  }
  if (made) return <Link user={made} fresh close={() => done(made.id)} />
  return (
    <Dialog title={t('users.invite')} close={close}>
      <form className="stack" onSubmit={submit}>
        <ProfileFields profile={profile} change={(part) => setProfile({ ...profile, ...part })} fresh />
        {may('role:assign') && may('role:read') && (
          <div className="field">
            <span>{t('users.roles')}</span>
            <Pick from={source} label={t('users.roles')} many none={t('users.defaultRole')} value={roles} change={setRoles} />
          </div>
        )}
        <Refused error={error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={busy} disabled={!profile.username.trim()}>
            {t(may('user:reset_credentials') ? 'users.createAndLink' : 'users.create')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** sent is what was typed; what was left empty is the tenant's to say. */
function sent({ username, name, email, phone, locale, departments }: Profile) {
  return {
    username: username.trim(),
    ...(name.trim() ? { name: name.trim() } : {}),
    ...(email.trim() ? { email: email.trim() } : {}),
    ...(phone.trim() ? { phone: phone.trim() } : {}),
    ...(locale ? { locale } : {}),
    ...(departments.length > 0 ? { departments } : {}),
  }
}
