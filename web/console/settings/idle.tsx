import { useChange } from '../shell/change.ts'
import { Count } from './fields.tsx'
import { Saved } from './save.tsx'
import { changeTenant, type TenantSettings } from './tenant.ts'
import { useText } from './text.ts'

/** Idle is after how long without a deed the console asks who is there. */
export function Idle({ settings: s, again }: { settings: TenantSettings; again: () => Promise<unknown> }) {
  const t = useText()
  const form = useChange({ idle_minutes: s.idle_minutes })
  return (
    <Saved title={t('idle.heading')} form={form} save={(sent) => changeTenant(s, sent)} again={again}>
      {(fixed) => (
        <Count
          text={t('idle.minutes')}
          help={t('idle.help')}
          value={form.now.idle_minutes}
          change={(n) => form.put({ idle_minutes: n })}
          most={480}
          disabled={fixed}
        />
      )}
    </Saved>
  )
}
