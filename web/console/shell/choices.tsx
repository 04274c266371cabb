import { useSyncExternalStore } from 'react'
import { chooseTheme, type Theme, theme } from '../../shared/look/theme.ts'
import { Store } from '../../shared/store.ts'
import type { Language } from '../../shared/text/text.ts'
import { speak, useLanguage, useText } from '../text.ts'

/** looks is the chosen appearance, for those who draw with it. */
export const looks = new Store<{ theme: Theme }>({ theme: theme() })

/** Choices are language and appearance; the browser's own lists, which every reader and keyboard knows. */
export function Choices() {
  const t = useText()
  const language = useLanguage()
  const look = useSyncExternalStore(looks.watch, looks.get).theme
  return (
    <div className="choices">
      <select aria-label={t('language')} value={language} onChange={(e) => speak(e.target.value as Language)}>
        <option value="zh-CN">简体中文</option>
        <option value="en">English</option>
      </select>
      <select
        aria-label={t('theme')}
        value={look}
        onChange={(e) => {
          chooseTheme(e.target.value as Theme)
          looks.set({ theme: e.target.value as Theme })
        }}
      >
        <option value="system">{t('theme.system')}</option>
        <option value="light">{t('theme.light')}</option>
        <option value="dark">{t('theme.dark')}</option>
      </select>
    </div>
  )
}
