import { Input } from 'antd'
import { departments } from '../names/departments.ts'
import { Pick } from '../names/pick.tsx'
import { useMay } from '../shell/may.ts'
import { useText } from './text.ts'

/** Profile is what is typed of a user. */
export type Profile = { username: string; name: string; email: string; phone: string; locale: '' | 'zh-CN' | 'en'; departments: string[] }

/** ProfileFields ask for a profile. Departments decide what one may see, so that they need role:assign as well. */
export function ProfileFields({ profile: p, change, fresh }: { profile: Profile; change: (part: Partial<Profile>) => void; fresh: boolean }) {
  const t = useText()
  const may = useMay()
  return (
    <>
      <label className="field">
        {t('users.username')}
        <Input
          value={p.username}
          onChange={(e) => change({ username: e.target.value })}
          required
          maxLength={64}
          spellCheck={false}
          autoComplete="off"
          autoFocus={fresh}
        />
        {fresh && <small>{t('users.usernameHelp')}</small>}
      </label>
      <label className="field">
        {t('users.name')}
        <Input
          value={p.name}
          onChange={(e) => change({ name: e.target.value })}
          required={!fresh}
          maxLength={128}
          autoComplete="off"
          autoFocus={!fresh}
        />
      </label>
      <div className="side-by-side">
        <label className="field">
          {t('users.email')}
          <Input type="email" value={p.email} onChange={(e) => change({ email: e.target.value })} maxLength={254} autoComplete="off" />
        </label>
        <label className="field">
          {t('users.phone')}
          <Input type="tel" value={p.phone} onChange={(e) => change({ phone: e.target.value })} maxLength={32} autoComplete="off" />
        </label>
      </div>
      <label className="field">
        {t('users.locale')}
        <select value={p.locale} onChange={(e) => change({ locale: e.target.value as Profile['locale'] })}>
          {fresh && <option value="">{t('users.localeTenant')}</option>}
          <option value="zh-CN">简体中文</option>
          <option value="en">English</option>
        </select>
      </label>
      {may('role:assign') && may('department:read') && (
        <div className="field">
          <span>{t('users.departments')}</span>
          <Pick from={departments} label={t('users.departments')} many value={p.departments} change={(departments) => change({ departments })} />
        </div>
      )}
    </>
  )
}
