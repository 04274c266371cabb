import { Input } from 'antd'
import type { Role } from './grants.ts'
import { useText } from './text.ts'

/** Facts are what a role is called, and whether its holders need a second factor. */
export type Facts = Pick<Role, 'label_zh' | 'label_en' | 'description_zh' | 'description_en' | 'requires_mfa'>

/** factsOf are those of a role, or of one that is about to be made. */
export function factsOf(role?: Role): Facts {
  const { label_zh = '', label_en = '', description_zh = '', description_en = '', requires_mfa = false } = role ?? {}
  return { label_zh, label_en, description_zh, description_en, requires_mfa }
}

/** FactFields are the fields for them. */
export function FactFields({ facts, put }: { facts: Facts; put: (part: Partial<Facts>) => void }) {
  const t = useText()
  const field = (of: Exclude<keyof Facts, 'requires_mfa'>, most: number) => (
    <label className="field">
      {t(`facts.${of}`)}
      <Input value={facts[of]} onChange={(e) => put({ [of]: e.target.value })} maxLength={most} />
    </label>
  )
  return (
    <>
      {field('label_zh', 128)}
      {field('label_en', 128)}
      {field('description_zh', 1000)}
      {field('description_en', 1000)}
      <label className="tick">
        <input type="checkbox" checked={facts.requires_mfa} onChange={(e) => put({ requires_mfa: e.target.checked })} />
        {t('facts.requires_mfa')}
      </label>
    </>
  )
}
