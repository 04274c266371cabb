import { Button } from 'antd'
import { useState } from 'react'
import { saveBlob } from '../../shared/desk/file.ts'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { Refused } from '../shell/refused.tsx'
import { lastRow } from './sheet.ts'
import type { Table } from './tables.ts'
import { useText } from './text.ts'

/** How many rows a file has at most, by the rule of the server. */
const most = 20_000

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

/** Export is one table. Where a file is full, the next one goes on behind its last row. */
function Export({ table }: { table: Table }) {
  const t = useText()
  const [rest, setRest] = useState<{ format: Format; after: string; part: number }>()
  const { busy, error, act } = useDeed()
  const what = t(`import.${table.name}`)
  const take = (format: Format, after = '', part = 1) =>
    void act(async () => {
      const query = new URLSearchParams({ format, ...(after ? { after } : {}) })
      const file = await client.blob(`/v1/exports/${table.name}?${query}`)
      saveBlob(file, `${table.name}${part > 1 ? `-${part}` : ''}.${format}`)
      const { rows, first } = lastRow(await file.text(), format)
      setRest(rows >= most ? { format, after: first, part: part + 1 } : undefined)
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
        <Button size="small" type="primary" disabled={busy} onClick={() => take(rest.format, rest.after, rest.part)}>
          {t('export.next', { part: rest.part })}
        </Button>
      )}
      <Refused error={error} />
    </li>
  )
}
