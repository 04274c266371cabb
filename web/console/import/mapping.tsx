import { useText } from './text.ts'

/** Foreign is what the columns of a file of users mean; admin is what an admin among another desk's agents becomes. */
export type Foreign = { mapping: 'usher' | 'single_role' } | { mapping: 'agents'; admin: '' | 'team_lead' | 'admin' }

/** mappingQuery says it to the server. */
export function mappingQuery(f: Foreign): string {
  return f.mapping === 'usher' ? '' : `&mapping=${f.mapping}${f.mapping === 'agents' && f.admin ? `&admin=${f.admin}` : ''}`
}

/** Mapping asks what wrote the file. */
export function Mapping({ foreign: f, disabled, change }: { foreign: Foreign; disabled: boolean; change: (f: Foreign) => void }) {
  const t = useText()
  const mappings = ['usher', 'agents', 'single_role'] as const
  const put = (mapping: (typeof mappings)[number]) => change(mapping === 'agents' ? { mapping, admin: '' } : { mapping })
  return (
    <>
      <label>
        {t('import.mapping')}
        <select value={f.mapping} disabled={disabled} onChange={(e) => put(e.target.value as (typeof mappings)[number])}>
          {mappings.map((m) => (
            <option key={m} value={m}>
              {t(`import.mapping.${m}`)}
            </option>
          ))}
        </select>
      </label>
      {f.mapping === 'agents' && (
        <label>
          {t('import.admin')}
          <select value={f.admin} disabled={disabled} onChange={(e) => change({ mapping: 'agents', admin: e.target.value as 'team_lead' })}>
            <option value="">{t('import.adminNone')}</option>
            <option value="team_lead">team_lead</option>
            <option value="admin">admin</option>
          </select>
        </label>
      )}
    </>
  )
}
