import type { Problem } from '../api/problem.ts'
import type { Values } from './text.ts'
import type { SharedText } from './zh-CN.ts'

type T = (key: SharedText, values?: Values) => string

/** refusal says why something was refused: the server's sentence, and which permission is missing. */
export function refusal(p: Problem, t: T): { title: string; detail: string } {
  if (p.status === 0) return { title: t('refused.offline'), detail: '' }
  const missing = p.missing
  if (!missing) return { title: p.message, detail: p.body.errors?.map((e) => e.message).join(' ') || p.body.detail || '' }
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
