import { type AuditRecord, changes, type Personal } from './record.ts'
import { useText } from './text.ts'

/** Changes are the fields that a record says changed, before and after. */
export function Changes({ record, personal }: { record: AuditRecord; personal: Personal }) {
  const t = useText()
  const changed = changes(record, personal)
  if (changed.length === 0) return null
  return (
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
  )
}

/** Lines are values one below the other; those that the other side lacks stand out. */
function Lines({ text, other, as: Mark }: { text: string | undefined; other: string | undefined; as: 'ins' | 'del' }) {
  if (!text) return <>–</>
  const there = new Set(other?.split('\n'))
  return text.split('\n').map((line) => (there.has(line) ? <div key={line}>{line}</div> : <div key={line}><Mark>{line}</Mark></div>))
}
