import { useWords } from '../catalogue/catalogue.ts'
import type { Text } from './text.ts'
import { useLanguage, useText } from './text.ts'
import { choices, type Grants, type Resource, toGrants, wildFor } from './grants.ts'

type Props = { resources: Resource[]; grants: Grants; before: readonly string[]; change: ((cell: string, scopes: string) => void) | undefined }

/** Matrix is resource × action with a scope in each cell. What is not acted on yet, or elsewhere, says so. */
export function Matrix({ resources, grants, before, change }: Props) {
  const t = useText()
  const language = useLanguage()
  const were = toGrants(before).cells
  return (
    <table className="matrix">
      <caption className="hidden">{t('roles.matrix')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('roles.resource')}</th>
          <th scope="col">{t('roles.actions')}</th>
        </tr>
      </thead>
      <tbody>
        {resources.map((r) => (
          <tr key={r.name}>
            <th scope="row">
              {language === 'en' ? r.label_en : r.label_zh}
              <code>{r.name}</code>
              {r.status !== 'built-in' && <i className="chip plain">{t(`roles.${r.status}`)}</i>}
            </th>
            <td>
              <div className="cells">
                {r.actions.map((a) => (
                  <Cell
                    key={a.name}
                    resource={r}
                    action={a}
                    scopes={grants.cells.get(`${r.name}:${a.name}`) ?? ''}
                    was={were.get(`${r.name}:${a.name}`) ?? ''}
                    wild={wildFor(grants.wild, r.name, a.name)}
                    put={change && ((scopes) => change(`${r.name}:${a.name}`, scopes))}
                  />
                ))}
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type CellProps = {
  resource: Resource
  action: Resource['actions'][number]
  scopes: string
  was: string
  wild: string | undefined
  put: ((scopes: string) => void) | undefined
}

/** Cell is one permission: nothing, or a scope. One that a * grants already cannot be taken here. */
function Cell({ resource, action, scopes, was, wild, put }: CellProps) {
  const t = useText()
  const name = useWords().action(action.name)
  const words = (s: string) => s.split('+').map((one) => t(`scope.${one}` as Text)).join(' + ')
  const shown = wild ? words(wild.split(':')[2]!) : scopes ? words(scopes) : '–'
  const look = ['cell', scopes || wild ? 'given' : '', scopes !== was ? 'changed' : ''].join(' ')
  return (
    <label className={look} title={wild ? t('roles.wild', { permission: wild }) : `${resource.name}:${action.name}`}>
      <span>
        {name}
        {action.high_risk && <abbr title={t('roles.highRisk')}> !</abbr>}
      </span>
      {put && !wild ? (
        <select value={scopes} onChange={(e) => put(e.target.value)}>
          <option value="">–</option>
          {choices(resource).map((c) => (
            <option key={c} value={c}>
              {words(c)}
            </option>
          ))}
        </select>
      ) : (
        <b>{shown}</b>
      )}
    </label>
  )
}
