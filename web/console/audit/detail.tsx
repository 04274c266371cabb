import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { exact } from '../../shared/text/time.ts'
import { Panel } from '../listing/panel.tsx'
import { RoleName } from '../names/roles.tsx'
import { Changes } from './changes.tsx'
import type { AuditRecord, Personal } from './record.ts'
import { TargetName } from './target.tsx'
import { useLanguage, useText } from './text.ts'
import { Actor } from './who.tsx'

/** RecordDetail is one record: what changed, before and after, what belongs to it, and the record itself, byte for byte. */
export function RecordDetail({ record, personal, close }: { record: AuditRecord; personal: Personal; close: () => void }) {
  const t = useText()
  const language = useLanguage()
  const { actor, action, outcome } = record
  return (
    <Panel label={t('audit.record')} title={<code>{action.event}</code>} close={close}>
      <dl>
        <Line text={t('audit.time')}>{exact(record.time, language)}</Line>
        <Line text={t('audit.actor')}>
          <Actor of={actor} />{' '}
          {actor.roles?.map((r) => (
            <i key={r} className="chip plain">
              <RoleName name={r} />
            </i>
          ))}
        </Line>
        {action.permission && (
          <Line text={t('audit.permission')}>
            <code>{action.permission}</code>
          </Line>
        )}
        <Line text={t('audit.outcome')}>
          {t(`audit.${outcome.result}`)} {outcome.code} {outcome.reason}
        </Line>
        {record.target?.map((x) => (
          <Line key={x.type + x.id} text={x.type}>
            <TargetName of={x} />
          </Line>
        ))}
        {personal['address'] !== undefined && <Line text={t('audit.address')}>{String(personal['address'])}</Line>}
        <Line text={t('audit.id')}>
          <code>{record.id}</code>
        </Line>
      </dl>
      <Changes record={record} personal={personal} />
      <ul className="beside">
        {actor.id && <Beside search={{ actor: actor.id }} text={t('audit.byActor')} />}
        {actor.sid && <Beside search={{ session: actor.sid }} text={t('audit.bySession')} />}
        {record.target?.[0] && <Beside search={{ target_type: record.target[0].type, target: record.target[0].id }} text={t('audit.byTarget')} />}
      </ul>
      <details>
        <summary>{t('audit.raw')}</summary>
        <pre tabIndex={0}>{JSON.stringify({ record, personal }, null, 2)}</pre>
      </details>
    </Panel>
  )
}

function Line({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="pair">
      <dt>{text}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Beside leads to other records that have something in common with this one. */
function Beside({ search, text }: { search: Record<string, string>; text: string }) {
  return (
    <li>
      <Link to="/audit" search={search}>
        {text}
      </Link>
    </li>
  )
}
