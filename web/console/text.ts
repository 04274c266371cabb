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
export const useText = wordsOf({}, {})

/** wordsOf is useText for a part that has words of its own beside those of all pages. They are loaded with the part. */
export function wordsOf<K extends string>(zh: Record<K, string>, en: Record<K, string>) {
  const own: Record<Language, Record<string, string>> = { 'zh-CN': zh, en }
  return function useText(): (key: K | Text, values?: Values) => string {
    const l = useLanguage()
    return useCallback((key, values) => fill(own[l][key] ?? catalogues[l][key as Text], values), [l])
  }
}

export function useLanguage(): Language {
  return useSyncExternalStore(spoken.watch, spoken.get).language
}

export function speak(l: Language) {
  chooseLanguage(l)
  spoken.set({ language: l })
}
