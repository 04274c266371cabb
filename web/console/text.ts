import { useCallback, useSyncExternalStore } from 'react'
import { Store } from '../shared/store.ts'
import { en as sharedEn } from '../shared/text/en.ts'
import { chooseLanguage, fill, type Language, language, type Values } from '../shared/text/text.ts'
import { zh as sharedZh } from '../shared/text/zh-CN.ts'
import { en } from './text/en.ts'
import { zh } from './text/zh-CN.ts'

export type Text = keyof typeof zh | keyof typeof sharedZh
export type T = (key: Text, values?: Values) => string

const catalogues: Record<Language, Record<Text, string>> = { 'zh-CN': { ...sharedZh, ...zh }, en: { ...sharedEn, ...en } }

export const spoken = new Store<{ language: Language }>({ language: language() })
document.documentElement.lang = language()

export function t(key: Text, values?: Values): string {
  return fill(catalogues[spoken.get().language][key], values)
}

/** useText is t, drawn anew when another language is chosen. */
export function useText(): T {
  const l = useLanguage()
  return useCallback((key: Text, values?: Values) => fill(catalogues[l][key], values), [l])
}

export function useLanguage(): Language {
  return useSyncExternalStore(spoken.watch, spoken.get).language
}

export function speak(l: Language) {
  chooseLanguage(l)
  spoken.set({ language: l })
}
