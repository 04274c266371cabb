import { RoleName } from '../names/roles.tsx'
import { useText } from './text.ts'

/** By is through what something is allowed: roles, or the user's own permission list. */
export function By({ of }: { of: readonly string[] }) {
  const t = useText()
  return (
    <span className="by">
      {of.map((name) => (
        <i key={name} className="chip plain">
          {name === 'permissions' ? t('access.list') : <RoleName name={name} />}
        </i>
      ))}
    </span>
  )
}
