import { useCallback, useRef } from 'react'
import { Search } from '../listing/search.tsx'
import { departments } from '../names/departments.ts'
import { Pick } from '../names/pick.tsx'
import { useRoleSource } from '../names/roles.tsx'
import { useMay } from '../shell/may.ts'
import type { Filter } from './filter.ts'
import { useText } from './text.ts'

/** Filters narrow the list of users. */
export function Filters({ filter, change }: { filter: Filter; change: (f: Filter) => void }) {
  const t = useText()
  const may = useMay()
  const roles = useRoleSource()
  const now = useRef({ filter, change })
  now.current = { filter, change }
  const put = useCallback((part: { [K in keyof Filter]: Filter[K] | undefined }) => {
    const { filter, change } = now.current
    const next = Object.fromEntries(Object.entries({ ...filter, ...part }).filter(([, value]) => value)) as Filter
    if (JSON.stringify(next) !== JSON.stringify(filter)) change(next)
  }, [])
  const search = useCallback((text: string) => put({ q: text || undefined }), [put])
  return (
    <div className="filters">
      <Search label={t('users.search')} first={filter.q} change={search} />
      {may('department:read') && (
        <Pick
          from={departments}
          label={t('users.inDepartment')}
          none={t('users.inDepartment')}
          value={one(filter.department)}
          change={([id]) => put({ department: id })}
        />
      )}
      {may('role:read') && may('user:read') && (
        <Pick from={roles} label={t('users.withRole')} none={t('users.withRole')} value={one(filter.role)} change={([name]) => put({ role: name })} />
      )}
      {may('user:read') && (
        <select aria-label={t('users.state')} value={filter.state ?? ''} onChange={(e) => put({ state: (e.target.value || undefined) as Filter['state'] })}>
          <option value="">{t('users.anyState')}</option>
          <option value="active">{t('users.active')}</option>
          <option value="disabled">{t('users.disabled')}</option>
        </select>
      )}
    </div>
  )
}

function one(chosen: string | undefined): string[] {
  return chosen ? [chosen] : []
}
