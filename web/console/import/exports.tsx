import { Button } from 'antd'
import { useState } from 'react'
import { heard } from '../../shared/api/problem.ts'
import { saveBlob } from '../../shared/desk/file.ts'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { Refused } from '../shell/refused.tsx'
import type { Table } from './tables.ts'
import { useText } from './text.ts'

/** Exports takes tables out as files, as an import takes them in. */
export function Exports({ tables }: { tables: Table[] }) {
  const t = useText()
  return (
    <section className="stack" aria-label={t('export.title')}>
      <h2>{t('export.title')}</h2>
      <p className="quiet">{t('export.help')}</p>
      <ul className="exports">
        {tables.map((table) => (
          <Export key={table.name} table={table} />
        ))}
      </ul>
    </section>
  )
}

type Format = 'csv' | 'json'

/** Export is one table. Where one file does not hold all of it, the server says where the next one is. */
function Export({ table }: { table: Table }) {
  const t = useText()
  const [rest, setRest] = useState<{ format: Format; at: string; part: number }>()
  const { busy, error, act } = useDeed()
  const what = t(`import.${table.name}`)
  const take = (format: Format, at = `/v1/exports/${table.name}?format=${format}`, part = 1) =>
    void act(async () => {
      const answer = await client.open('get', at, {})
      saveBlob(await heard(answer.blob()), `${table.name}${part > 1 ? `-${part}` : ''}.${format}`)
      const next = nextOf(answer)
      setRest(next ? { format, at: next, part: part + 1 } : undefined)
    })
  return (
    <li>
      <strong>{what}</strong>
      {(['csv', 'json'] as const).map((format) => (
        <Button key={format} size="small" disabled={busy} onClick={() => take(format)} aria-label={t('export.as', { what, format: format.toUpperCase() })}>
          {format.toUpperCase()}
        </Button>
      ))}
      {rest && (
        <Button size="small" type="primary" disabled={busy} onClick={() => take(rest.format, rest.at, rest.part)}>
          {t('export.next', { part: rest.part })}
        </Button>
      )}
      <Refused error={error} />
    </li>
  )
}

/** nextOf is the address of the file that goes on where an answer ends (RFC 8288), undefined where nothing follows. */
function nextOf(answer: Response): string | undefined {
  return /^<(\/v1\/exports\/[^>]+)>; rel="next"$/.exec(answer.headers.get('Link') ?? '')?.[1]
}
