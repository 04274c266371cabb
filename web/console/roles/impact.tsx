import { useWords } from '../catalogue/catalogue.ts'
import { DepartmentName } from '../departments/name.tsx'
import { useText } from './text.ts'
import type { Difference, Impact } from './grants.ts'
import './impact.css'

/** ImpactShown says in words who may do what afterwards: all of it in sums, and person by person. */
export function ImpactShown({ impact, people }: { impact: Impact; people: Difference[] }) {
  const t = useText()
  const { permission } = useWords()
  const { needed, no_longer_needed: released } = impact.second_factor
  return (
    <>
      <p className="impact-count">{impact.people === 0 ? t('impact.nobody') : t('impact.people', { count: impact.people })}</p>
      <ul>
        {impact.permissions.map((p) => (
          <li key={p.permission}>
            {p.lost > 0 && <span className="bad">{t('impact.lose', { count: p.lost, what: permission(p.permission) })}</span>}
            {p.gained > 0 && <span className="good">{t('impact.gain', { count: p.gained, what: permission(p.permission) })}</span>}
            <code>{p.permission}</code>
          </li>
        ))}
        {needed > 0 && <li>{t('impact.needed', { count: needed })}</li>}
        {released > 0 && <li>{t('impact.released', { count: released })}</li>}
      </ul>
      {people.length > 0 && (
        <details>
          <summary>{t('impact.who')}</summary>
          <ul className="impact-people">
            {people.map((d) => (
              <Person key={d.user.id} difference={d} />
            ))}
          </ul>
        </details>
      )}
      {impact.others > 0 && <p className="quiet">{t('impact.others', { count: impact.others })}</p>}
    </>
  )
}

/** Person is what one of them loses and gains: permissions, and departments that the others reach. */
function Person({ difference: d }: { difference: Difference }) {
  return (
    <li>
      <b>{d.user.name}</b>
      {d.lost.map((p) => (
        <del key={p}>− {p}</del>
      ))}
      {d.gained.map((p) => (
        <ins key={p}>+ {p}</ins>
      ))}
      {d.reach_lost.map((r) => (
        <del key={r.permission}>
          − <Reach reach={r} />
        </del>
      ))}
      {d.reach_gained.map((r) => (
        <ins key={r.permission}>
          + <Reach reach={r} />
        </ins>
      ))}
    </li>
  )
}

function Reach({ reach: r }: { reach: Difference['reach_gained'][number] }) {
  const t = useText()
  return (
    <>
      {r.permission} @{' '}
      {r.departments.map((id, i) => (
        <span key={id}>
          {i > 0 && ', '}
          <DepartmentName id={id} />
        </span>
      ))}
      {r.others > 0 && ' ' + t('impact.departments', { count: r.others })}
    </>
  )
}
