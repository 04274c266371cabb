import type { SharedText } from '../text/zh-CN.ts'
import type { Values } from '../text/text.ts'
import { zh } from '../text/zh-CN.ts'
import type { Message } from './desk.ts'

/** lineText is what a system line says: details with names where they are of people. A code without a text is shown as it is. */
export function lineText(m: Message, t: (key: SharedText, values?: Values) => string): string {
  const key = `line.${m.code ?? ''}`
  if (!(key in zh)) return m.code ?? ''
  const values: Values = { by: '', agent: '', supervisor: '' }
  for (const [name, value] of Object.entries(m.details ?? {})) values[name] = m.names?.[value] ?? value
  return t(key as SharedText, values).trim()
}
