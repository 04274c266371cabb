import type { Problem } from '../api/problem.ts'
import type { Values } from './text.ts'
import type { SharedText } from './zh-CN.ts'

type T = (key: SharedText, values?: Values) => string

/** What the server finds wrong with a new password, and how the pages say that. */
const weaknesses: [RegExp, SharedText][] = [
  [/(?<has>\d+) characters; (?<needed>\d+)/, 'weak.short'],
  [/(?<has>\d+) bytes; (?<most>\d+)/, 'weak.long'],
  [/contains the username/, 'weak.username'],
  [/contains the tenant/, 'weak.tenant'],
  [/easily guessed/, 'weak.guessed'],
  [/to be changed/, 'weak.same'],
]

/** refusal says why something was refused: the server's sentence, and which permission is missing. */
export function refusal(p: Problem, t: T): { title: string; detail: string } {
  if (p.code === 'page') return { title: t('refused.page'), detail: '' }
  if (p.status === 0) return { title: t('refused.offline'), detail: '' }
  const missing = p.missing
  if (!missing) return { title: p.message, detail: weakness(p, t) || p.body.errors?.map((e) => e.message).join(' ') || p.body.detail || '' }
  const permission = missing.permissions.join(' / ')
  const have = missing.have.map((s) => t(`scope.${s}` as SharedText)).join(', ')
  return {
    title: p.message,
    detail:
      t('refused.needs', { permission }) +
      (missing.scope ? t('refused.at', { scope: t(`scope.${missing.scope}` as SharedText) }) : '') +
      (have ? t('refused.have', { have }) : t('refused.nothing')),
  }
}

/** weakness says what is wrong with a new password, '' where it is nothing that is known here. */
function weakness(p: Problem, t: T): string {
  if (p.code !== 'weak_password') return ''
  for (const [why, key] of weaknesses) {
    const found = why.exec(p.body.detail ?? '')
    if (found) return t(key, found.groups)
  }
  return ''
}
