import { type Ages, usual } from './draft.ts'
import { useText } from './text.ts'

const kinds = ['relax', 'overflow', 'open'] as const

/** AgeFields are the three ages of a skill, or that it has none of its own. */
export function AgeFields({ ages, change }: { ages: Ages | undefined; change: (ages: Ages | undefined) => void }) {
  const t = useText()
  return (
    <fieldset className="ages">
      <legend>{t('skills.ages')}</legend>
      <label>
        <input type="checkbox" checked={ages === undefined} onChange={(e) => change(e.target.checked ? undefined : usual)} /> {t('skills.asDeskHelp')}
      </label>
      {ages &&
        kinds.map((k) => (
          <label key={k} className="field">
            {t(`ages.${k}`)}
            <input type="number" min={0} max={86_400} required value={ages[k]} onChange={(e) => change({ ...ages, [k]: e.target.valueAsNumber || 0 })} />
          </label>
        ))}
    </fieldset>
  )
}
