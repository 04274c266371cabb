import { Link } from '@tanstack/react-router'
import { useLanguage, useText } from './text.ts'
import { ago } from '../../shared/text/time.ts'
import { Since, useSeconds } from './clock.tsx'
import { ofAnswer } from './level.ts'
import type { Member } from './live.ts'

/** Crew are the agents whom one may know by name: what they have, what they can, and who waits for them. */
export function Crew({ members }: { members: Member[] }) {
  const t = useText()
  return (
    <section aria-labelledby="crew">
      <h2 id="crew">{t('crew.title')}</h2>
      {members.length === 0 && <p className="quiet">{t('crew.none')}</p>}
      <ul className="crew">
        {members.map((m) => (
          <Card key={m.agent.id} of={m} />
        ))}
      </ul>
    </section>
  )
}

function Card({ of: m }: { of: Member }) {
  const t = useText()
  const language = useLanguage()
  const level = ofAnswer(useSeconds(m.unanswered_since))
  return (
    <li className={'member level-' + level}>
      <header>
        <i className={'lamp ' + (m.connected ? m.status : 'offline')} />
        <Link className="cut" to="/agents/{-$agent}" params={{ agent: m.agent.id }}>
          {m.agent.name}
        </Link>
        <b aria-label={t('crew.load', { load: m.current_load, max: m.max_load })}>
          {m.current_load}/{m.max_load}
        </b>
      </header>
      <span className={m.over_limit ? 'load-bar over' : 'load-bar'}>
        <i style={{ width: `${Math.min(100, (100 * m.current_load) / m.max_load)}%` }} />
      </span>
      <p className="quiet">
        {t(`status.${m.status}`)} · {ago(m.status_at, language)}
      </p>
      <p className="chips">
        {!m.connected && m.status !== 'offline' && <i className="chip queued">{t('crew.apart')}</i>}
        {m.over_limit && <i className="chip bad">{t('crew.over')}</i>}
        {m.unanswered_since && (
          <i className={level === 'fine' ? 'chip plain' : level === 'bad' ? 'chip bad' : 'chip queued'}>
            {t('crew.unanswered')} <Since at={m.unanswered_since} />
          </i>
        )}
        {m.skills.map((s) => (
          <i key={s.id} className="chip plain">
            {s.name}
          </i>
        ))}
      </p>
    </li>
  )
}
