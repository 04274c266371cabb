/** The languages of the pages. zh-CN is the original: what it has, every catalogue has. */
export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

const key = 'usher.language'

/** language is what the user chose, or else the first that the browser asks for and we have. */
export function language(): Language {
  const chosen = localStorage.getItem(key)
  if (isLanguage(chosen)) return chosen
  return navigator.languages.some((l) => l.toLowerCase().startsWith('zh')) || !navigator.languages.some((l) => l.toLowerCase().startsWith('en')) ? 'zh-CN' : 'en'
}

export function chooseLanguage(l: Language) {
  localStorage.setItem(key, l)
  document.documentElement.lang = l
}

function isLanguage(l: string | null): l is Language {
  return (languages as readonly (string | null)[]).includes(l)
}

/** Part of a text that is filled in: {name}. */
export type Values = Record<string, string | number>

/** fill puts values in the place of {names}. */
export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
