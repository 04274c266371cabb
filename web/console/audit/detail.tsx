import { exact } from '../../shared/text/time.ts'
import { Panel } from '../listing/panel.tsx'
import { useLanguage, useText } from './text.ts'
import { type AuditRecord, changes, type Personal } from './record.ts'
import { Actor } from './who.tsx'

/** RecordDetail is one record: what changed, before and after, and the record itself, byte for byte. */
export function RecordDetail({ record, personal, close }: { record: AuditRecord; personal: Personal; close: () => void }) {
  const t = useText()
  const language = useLanguage()
  const changed = changes(record, personal)
  return (
    <Panel label={t('audit.record')} title={<code>{record.action.event}</code>} close={close}>
      <dl>
        <dt>{t('audit.time')}</dt>
        <dd>{exact(record.time, language)}</dd>
        <dt>{t('audit.actor')}</dt>
        <dd>
          <Actor of={record.actor} /> {record.actor.roles?.map((r) => <i key={r} className="chip plain">{r}</i>)}
        </dd>
        {record.action.permission && (
          <>
            <dt>{t('audit.permission')}</dt>
            <dd>
              <code>{record.action.permission}</code>
            </dd>
          </>
        )}
        <dt>{t('audit.outcome')}</dt>
        <dd>
          {t(`audit.${record.outcome.result}`)} {record.outcome.code} {record.outcome.reason}
        </dd>
        {record.target?.map((x) => (
          <div key={x.type + x.id} className="pair">
            <dt>{x.type}</dt>
            <dd>
              <code>{x.id}</code>
            </dd>
          </div>
        ))}
      </dl>
      {changed.length > 0 && (
        <table className="changes">
          <caption>{t('audit.changes')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('audit.field')}</th>
              <th scope="col">{t('audit.before')}</th>
              <th scope="col">{t('audit.after')}</th>
            </tr>
          </thead>
          <tbody>
            {changed.map((c) => (
              <tr key={c.field}>
                <th scope="row">{c.field}</th>
                <td>
                  <Lines text={c.before} other={c.after} as="del" />
                </td>
                <td>
                  <Lines text={c.after} other={c.before} as="ins" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <details>
        <summary>{t('audit.raw')}</summary>
        <pre tabIndex={0}>{JSON.stringify({ record, personal }, null, 2)}</pre>
      </details>
    </Panel>
  )
}

/** Lines are values one below the other; those that the other side lacks stand out. */
function Lines({ text, other, as: Mark }: { text: string | undefined; other: string | undefined; as: 'ins' | 'del' }) {
  if (!text) return <>–</>
  const there = new Set(other?.split('\n'))
  return text.split('\n').map((line) => (there.has(line) ? <div key={line}>{line}</div> : <div key={line}><Mark>{line}</Mark></div>))
}
