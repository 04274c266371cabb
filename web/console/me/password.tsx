import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client, queries, session } from '../app.ts'
import { Card } from '../shell/card.tsx'
import { useDeed } from '../shell/deed.ts'
import { useDraft } from '../shell/draft.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

const none = { current: '', next: '', again: '' }

/** Password changes one's own password, which ends every other session. */
export function Password({ has }: { has: boolean }) {
  const t = useText()
  const { message } = App.useApp()
  const { busy, error, act } = useDeed()
  const [typed, setTyped] = useState(none)
  useDraft(Object.values(typed).some(Boolean))
  const differs = typed.again !== '' && typed.again !== typed.next

  async function change(e: FormEvent) {
    e.preventDefault()
    const done = await act(async () => session.take(await client.post('/v1/auth/password', { body: { current: typed.current, new: typed.next } })))
    if (!done) return
    setTyped(none)
    message.success(t('password.changed'))
    void queries.invalidateQueries({ queryKey: ['own-sessions'] })
  }
  const field = (of: keyof typeof none, text: string, autoComplete: string) => (
    <label className="field">
      {text}
      <Input
        type="password"
        value={typed[of]}
        onChange={(e) => setTyped({ ...typed, [of]: e.target.value })}
        autoComplete={autoComplete}
        required
        status={of === 'again' && differs ? 'error' : ''}
      />
      {of === 'again' && differs && <small className="bad">{t('password.differs')}</small>}
    </label>
  )
  if (!has) {
    return (
      <Card title={t('password.heading')}>
        <p className="quiet">{t('password.missing')}</p>
      </Card>
    )
  }
  return (
    <Card title={t('password.heading')}>
      <p className="quiet">
        {t('password.rule')} {t('password.helpOthers')}
      </p>
      <form className="stack" onSubmit={(e) => void change(e)}>
        <input hidden autoComplete="username" value={session.user?.username ?? ''} readOnly />
        {field('current', t('password.current'), 'current-password')}
        {field('next', t('password.new'), 'new-password')}
        {field('again', t('password.again'), 'new-password')}
        <Refused error={error} />
        <div className="row-end">
          <Button type="primary" htmlType="submit" loading={busy} disabled={!typed.current || !typed.next || typed.next !== typed.again}>
            {t('password.change')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
