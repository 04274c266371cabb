import { Link } from '@tanstack/react-router'
import { App, Button, Input } from 'antd'
import type { FormEvent } from 'react'
import type { User } from '../../shared/api/session.ts'
import { client, session } from '../app.ts'
import { DepartmentName } from '../departments/name.tsx'
import { RoleName } from '../names/roles.tsx'
import { Card } from '../shell/card.tsx'
import { meant, useChange } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

/** Profile is who one is, and what one changes of it oneself. */
export function Profile({ me, again }: { me: User; again: () => Promise<unknown> }) {
  const t = useText()
  const { message } = App.useApp()
  const { busy, error, act } = useDeed()
  const { now, put, undo, send, changed } = useChange({ name: me.name, email: me.email, phone: me.phone, locale: me.locale as 'zh-CN' | 'en' })

  async function save(e: FormEvent) {
    e.preventDefault()
    const save = () =>
      send(async (sent) => {
        session.know(await meant(client.patch('/v1/me', { version: me.version, body: sent }), again))
        await again()
      })
    if (await act(save)) message.success(t('me.saved'))
  }
  return (
    <Card title={t('me.profile')}>
      <dl>
        <dt>{t('me.username')}</dt>
        <dd>
          {me.username} <small className="quiet">{t('me.usernameHelp')}</small>
        </dd>
        <dt>{t('me.tenant')}</dt>
        <dd>{me.tenant.name}</dd>
        <dt>{t('me.departments')}</dt>
        <dd>{me.departments.length > 0 ? me.departments.map((d) => <i key={d} className="chip plain"><DepartmentName id={d} /></i>) : t('me.none')}</dd>
        <dt>{t('me.roles')}</dt>
        <dd>{me.roles.length > 0 ? me.roles.map((r) => <i key={r} className="chip plain"><RoleName name={r} /></i>) : t('me.none')}</dd>
      </dl>
      {me.permission_list && <p className="hint">{t('me.list')}</p>}
      <p>
        <Link to="/access" search={{ ask: 'what' }}>
          {t('me.whatCan')}
        </Link>
      </p>
      <form className="stack" onSubmit={(e) => void save(e)}>
        <label className="field">
          {t('me.name')}
          <Input value={now.name} onChange={(e) => put({ name: e.target.value })} required maxLength={128} autoComplete="name" />
        </label>
        <label className="field">
          {t('me.email')}
          <Input type="email" value={now.email} onChange={(e) => put({ email: e.target.value })} maxLength={254} autoComplete="email" />
        </label>
        <label className="field">
          {t('me.phone')}
          <Input type="tel" value={now.phone} onChange={(e) => put({ phone: e.target.value })} maxLength={32} autoComplete="tel" />
        </label>
        <label className="field">
          {t('me.locale')}
          <select value={now.locale} onChange={(e) => put({ locale: e.target.value as 'zh-CN' })}>
            <option value="zh-CN">简体中文</option>
            <option value="en">English</option>
          </select>
        </label>
        <Refused error={error} kept />
        <div className="row-end">
          <Button disabled={!changed} onClick={undo}>
            {t('me.undo')}
          </Button>
          <Button type="primary" htmlType="submit" loading={busy} disabled={!changed}>
            {t('me.save')}
          </Button>
        </div>
      </form>
    </Card>
  )
}
