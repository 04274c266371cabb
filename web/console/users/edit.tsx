import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { Preview } from '../roles/preview.tsx'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { current, know, type User } from './person.ts'
import { type Profile, ProfileFields } from './profile.tsx'
import { useText } from './text.ts'

/** Edit changes who somebody is. Where they stand decides what they may see: that is shown before it is done. */
export function Edit({ user: u, close, done }: { user: User; close: () => void; done: () => void }) {
  const t = useText()
  const { username, name, email, phone } = u
  const [profile, setProfile] = useState<Profile>({ username, name, email, phone, locale: u.locale === 'en' ? 'en' : 'zh-CN', departments: u.departments })
  const [looking, setLooking] = useState(false)
  const { busy, error, act } = useDeed()
  const { departments } = profile
  const moves = [...departments].sort().join() !== [...u.departments].sort().join()
  const path = { id: u.id }
  async function save(preview?: string) {
    const shown = preview ? { preview } : {}
    know(await current(u.id, client.patch('/v1/users/{id}', { path, version: u.version, ...shown, body: changed(u, profile, moves) })))
  }

  function submit(e: FormEvent) {
    e.preventDefault()
    if (moves) setLooking(true)
    else void act(() => save()).then((made) => made && done())
  }
  if (looking) {
    return (
      <Preview
        change={['departments', u.id, u.version, departments]}
        ask={(cursor) => client.post('/v1/users/{id}/preview', { path, query: { cursor }, body: { departments } })}
        make={save}
        close={() => setLooking(false)}
        done={done}
      />
    )
  }
  return (
    <Dialog title={t('users.editOf', { name: u.name })} close={close}>
      <form className="stack" onSubmit={submit}>
        <ProfileFields profile={profile} change={setProfile} fresh={false} />
        <Refused error={error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {moves ? t('users.review') : t('users.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** changed is what of a profile differs, so that nothing else needs a permission. */
function changed(u: User, p: Profile, moves: boolean) {
  return {
    ...(p.username.trim() === u.username ? {} : { username: p.username.trim() }),
    ...(p.name.trim() === u.name ? {} : { name: p.name.trim() }),
    ...(p.email.trim() === u.email ? {} : { email: p.email.trim() || null }),
    ...(p.phone.trim() === u.phone ? {} : { phone: p.phone.trim() || null }),
    ...(p.locale === '' || p.locale === u.locale ? {} : { locale: p.locale }),
    ...(moves ? { departments: p.departments } : {}),
  }
}
