/** Light, dark, or as the machine has it. */
export type Theme = 'light' | 'dark' | 'system'

const key = 'usher.theme'

export function theme(): Theme {
  const chosen = localStorage.getItem(key)
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

/** dark tells what the theme comes to on this machine at this moment. */
export function dark(t: Theme = theme()): boolean {
  return t === 'dark' || (t === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
}

export function chooseTheme(t: Theme) {
  localStorage.setItem(key, t)
  applyTheme()
}

/** applyTheme has the style sheets know; it is called before anything is drawn. */
export function applyTheme() {
  document.documentElement.dataset['theme'] = dark() ? 'dark' : 'light'
}
