import { chooseTheme, type Theme, theme } from '../../shared/look/theme.ts'
import { signOut } from '../../shared/desk/sign-out.ts'
import type { Language } from '../../shared/text/text.ts'
import { useState } from 'preact/hooks'
import { client, session, useStore } from '../app.ts'
import { speak, spoken, t } from '../text.ts'
import { Refused } from './refused.tsx'

/** Menu holds language, appearance and the way out. */
export function Menu() {
  const { language } = useStore(spoken)
  const [look, setLook] = useState<Theme>(theme())
  const [error, setError] = useState<unknown>()
  const user = session.user ?? session.owing?.user
  const leave = () => void signOut(client, session).catch(setError)
  return (
    <details class="menu">
      <summary aria-label={t('home.settings')}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 7h16M4 12h16M4 17h16" />
        </svg>
      </summary>
      <div class="menu-body">
        {user && (
          <p class="menu-who">
            {user.name}
            <small>{user.tenant.name}</small>
          </p>
        )}
        <label>
          {t('language')}
          <select value={language} onChange={(e) => speak(e.currentTarget.value as Language)}>
            <option value="zh-CN">简体中文</option>
            <option value="en">English</option>
          </select>
        </label>
        <label>
          {t('theme')}
          <select
            value={look}
            onChange={(e) => {
              const chosen = e.currentTarget.value as Theme
              chooseTheme(chosen)
              setLook(chosen)
            }}
          >
            <option value="system">{t('theme.system')}</option>
            <option value="light">{t('theme.light')}</option>
            <option value="dark">{t('theme.dark')}</option>
          </select>
        </label>
        {user && (
          <button type="button" class="quiet wide" onClick={leave}>
            {t('sign-out')}
          </button>
        )}
        <Refused error={error} again={leave} />
      </div>
    </details>
  )
}
