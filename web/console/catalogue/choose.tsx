import type { Resource } from './catalogue.ts'
import { useCatalogue, useWords } from './catalogue.ts'
import { useText } from './text.ts'

type Props = { resource: string; action: string; change: (resource: string, action: string) => void }

const states = [
  ['built-in', 'catalogue.builtIn'],
  ['planned', 'catalogue.planned'],
  ['external', 'catalogue.external'],
] as const

/** ChooseAction chooses a resource of the catalogue, and what is done with it. */
export function ChooseAction({ resource, action, change }: Props) {
  const t = useText()
  const words = useWords()
  const items = useCatalogue().data?.items ?? []
  const open = items.find((r) => r.name === resource)
  const choose = (r: Resource | undefined) => change(r?.name ?? '', r?.actions.some((a) => a.name === action) ? action : (r?.actions[0]?.name ?? ''))
  return (
    <>
      <label>
        {t('catalogue.resource')}
        <select value={resource} required onChange={(e) => choose(items.find((r) => r.name === e.target.value))}>
          {!open && <option value={resource}>{resource}</option>}
          {states.map(([status, text]) => {
            const some = items.filter((r) => r.status === status)
            return (
              some.length > 0 && (
                <optgroup key={status} label={t(text)}>
                  {some.map((r) => (
                    <option key={r.name} value={r.name}>
                      {words.resource(r.name)}
                    </option>
                  ))}
                </optgroup>
              )
            )
          })}
        </select>
      </label>
      <label>
        {t('catalogue.action')}
        <select value={action} required onChange={(e) => change(resource, e.target.value)}>
          {(open?.actions ?? [{ name: action, high_risk: false }]).map((a) => (
            <option key={a.name} value={a.name}>
              {words.action(a.name)}
              {a.high_risk && `（${t('catalogue.highRisk')}）`}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

/** StatusOf says what becomes of a permission on a resource on which this program does not act, and nothing otherwise. */
export function StatusOf({ resource }: { resource: Resource | undefined }) {
  const t = useText()
  if (!resource || resource.status === 'built-in') return null
  return <p className="hint">{t(resource.status === 'planned' ? 'catalogue.plannedHelp' : 'catalogue.externalHelp')}</p>
}
