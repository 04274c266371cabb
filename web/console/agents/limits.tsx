import { useSkills } from '../listing/known.ts'
import { useText } from './text.ts'

/** Limits are what others set of an agent: how many conversations at once, and which skills. */
export type Limits = { max_load: number; skill_tags: string[] }

type Props = { limits: Limits; change: (part: Partial<Limits>) => void; disabled?: boolean }

export function LimitFields({ limits, change, disabled = false }: Props) {
  const t = useText()
  const skills = useSkills()
  const turn = (id: string) => change({ skill_tags: limits.skill_tags.includes(id) ? limits.skill_tags.filter((s) => s !== id) : [...limits.skill_tags, id] })
  return (
    <>
      <label className="field">
        {t('agents.max')}
        <input type="number" min={1} max={100} required disabled={disabled} value={limits.max_load} onChange={(e) => change({ max_load: e.target.valueAsNumber || 0 })} />
      </label>
      <fieldset className="skill-set" disabled={disabled}>
        <legend>{t('agents.skills')}</legend>
        {skills.length === 0 && <p className="quiet">{t('agents.noSkills')}</p>}
        {skills.map((s) => (
          <label key={s.id}>
            <input type="checkbox" checked={limits.skill_tags.includes(s.id)} onChange={() => turn(s.id)} /> {s.name}
          </label>
        ))}
      </fieldset>
    </>
  )
}
