import { PickOne } from '../names/one.tsx'
import { useRoleSource } from '../names/roles.tsx'
import { useChange } from '../shell/change.ts'
import { Count } from './fields.tsx'
import { Saved } from './save.tsx'
import { changeTenant, type TenantSettings } from './tenant.ts'
import { useText } from './text.ts'

type Props = { settings: TenantSettings; again: () => Promise<unknown> }

/** People is what new users get, and how many roles anybody may have. */
export function People({ settings: s, again }: Props) {
  const t = useText()
  const roles = useRoleSource()
  const form = useChange({ default_role: s.default_role ?? '', max_roles_per_user: s.max_roles_per_user })
  const { now, put } = form
  return (
    <Saved title={t('people.heading')} form={form} save={(sent) => changeTenant(s, sent)} again={again}>
      {(fixed) => (
        <>
          <PickOne
            from={roles}
            label={t('people.defaultRole')}
            value={now.default_role}
            change={(role) => put({ default_role: role })}
            none={t('people.noRole')}
            disabled={fixed}
            help={t('people.defaultHelp')}
          />
          <Count
            text={t('people.maxRoles')}
            help={t('people.maxHelp')}
            value={now.max_roles_per_user}
            change={(n) => put({ max_roles_per_user: n })}
            most={16}
            disabled={fixed}
          />
        </>
      )}
    </Saved>
  )
}
