import { QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider, theme as antTheme } from 'antd'
import en from 'antd/locale/en_US'
import zh from 'antd/locale/zh_CN'
import { type ReactNode, useEffect, useState } from 'react'
import { applyTheme, dark } from '../../shared/look/theme.ts'
import { queries, useStore } from '../app.ts'
import { useLanguage } from '../text.ts'
import { looks } from './choices.tsx'

/** Root gives everything the language and the theme. */
export function Root({ children }: { children: ReactNode }) {
  const language = useLanguage()
  const { theme } = useStore(looks)
  const [isDark, setDark] = useState(dark())
  useEffect(() => {
    const change = () => {
      applyTheme()
      setDark(dark())
    }
    change()
    const media = matchMedia('(prefers-color-scheme: dark)')
    media.addEventListener('change', change)
    return () => media.removeEventListener('change', change)
  }, [theme])
  const edge = { colorBorder: isDark ? '#7a8494' : '#868e9c' } // as fields of the browser's own have it
  return (
    <ConfigProvider
      locale={language === 'en' ? en : zh}
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
      theme={{
        algorithm: isDark ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
        token: {
          colorPrimary: isDark ? '#7aa7ff' : '#1f5fd1',
          colorError: isDark ? '#ff9a92' : '#b3261e',
          colorLink: isDark ? '#7aa7ff' : '#1f5fd1',
          colorLinkHover: isDark ? '#a8c6ff' : '#17489f', // as readable as before one points at it
          colorLinkActive: isDark ? '#a8c6ff' : '#17489f',
          ...(isDark ? { colorTextLightSolid: '#0b1424', colorBgBase: '#171b21', colorBgContainer: '#171b21', colorBgElevated: '#1f252e' } : {}),
          colorTextPlaceholder: isDark ? '#a3adba' : '#59626f',
          colorTextDescription: isDark ? '#a3adba' : '#59626f',
          borderRadius: 8,
          fontFamily: 'var(--font)',
        },
        components: { Input: edge, Select: edge },
      }}
    >
      <QueryClientProvider client={queries}>
        <App className="app">{children}</App>
      </QueryClientProvider>
    </ConfigProvider>
  )
}
