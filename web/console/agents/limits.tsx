import { useSkills } from '../listing/known.ts'
import { useText } from './text.ts'

/** Limits are what others set of an agent: how many conversations at once, and which skills. */
export type Limits = { max: number; skills: string[] }

type Props = { limits: Limits; change: (l: Limits) => void; disabled?: boolean }

export function LimitFields({ limits, change, disabled = false }: Props) {
  const t = useText()
  const skills = useSkills()
  const turn = (id: string) => change({ ...limits, skills: limits.skills.includes(id) ? limits.skills.filter((s) => s !== id) : [...limits.skills, id] })
  return (
    <>
      <label className="field">
        {t('agents.max')}
        <input type="number" min={1} max={100} required disabled={disabled} value={limits.max} onChange={(e) => change({ ...limits, max: e.target.valueAsNumber || 0 })} />
      </label>
      <fieldset className="skill-set" disabled={disabled}>
        <legend>{t('agents.skills')}</legend>
        {skills.length === 0 && <p className="quiet">{t('agents.noSkills')}</p>}
        {skills.map((s) => (
          <label key={s.id}>
            <input type="checkbox" checked={limits.skills.includes(s.id)} onChange={() => turn(s.id)} /> {s.name}
          </label>
        ))}
      </fieldset>
    </>
  )
}
