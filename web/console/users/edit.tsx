import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { client } from '../app.ts'
import { Preview } from '../roles/preview.tsx'
import { useChange } from '../shell/change.ts'
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
  const form = useChange<Profile>({ username, name, email, phone, locale: u.locale === 'en' ? 'en' : 'zh-CN', departments: u.departments })
  const [looking, setLooking] = useState(false)
  const { busy, error, act } = useDeed()
  const { departments } = form.now
  const moves = form.sent.departments !== undefined
  const path = { id: u.id }
  async function save(preview?: string) {
    const shown = preview ? { preview } : {}
    know(await current(u.id, client.patch('/v1/users/{id}', { path, version: u.version, ...shown, body: bodyOf(form.sent) })))
  }

  function submit(e: FormEvent) {
    e.preventDefault()
    if (!form.changed) close()
    else if (moves) setLooking(true)
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
        <ProfileFields profile={form.now} change={form.put} fresh={false} />
        <Refused error={error} kept />
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

/** bodyOf is what of a profile was changed, so that nothing else needs a permission. */
function bodyOf({ username, name, email, phone, locale, departments }: Partial<Profile>) {
  return {
    ...(username === undefined ? {} : { username: username.trim() }),
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(email === undefined ? {} : { email: email.trim() || null }),
    ...(phone === undefined ? {} : { phone: phone.trim() || null }),
    ...(locale ? { locale } : {}),
    ...(departments === undefined ? {} : { departments }),
  }
}
