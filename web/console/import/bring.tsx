import { Button } from 'antd'
import { type ChangeEvent, useRef, useState } from 'react'
import { fileSize } from '../../shared/desk/file.ts'
import { queries } from '../app.ts'
import { useDraft } from '../shell/draft.ts'
import { bring, Lost, type Reach, type Report } from './lines.ts'
import { LostNotice } from './lost.tsx'
import { type Foreign, Mapping, mappingQuery } from './mapping.tsx'
import { Progress } from './progress.tsx'
import { RefusedFile, ReportShown } from './report.tsx'
import type { Table } from './tables.ts'
import { useText } from './text.ts'

type Tried = { name: string; content: Blob; type: string }
type Stage =
  | { name: 'chosen' }
  | { name: 'under way'; dry: boolean; reach?: Reach }
  | { name: 'unread' }
  | { name: 'judged'; report: Report; file: Tried }
  | { name: 'done'; report: Report }
  | { name: 'refused'; error: unknown }
  | { name: 'lost'; record: string }

/** Bring takes a file in: first only to try it, then to do it. The very bytes that were tried are those that come in. */
export function Bring({ tables }: { tables: Table[] }) {
  const t = useText()
  const [table, setTable] = useState(tables[0]!)
  const [foreign, setForeign] = useState<Foreign>({ mapping: 'usher' })
  const [file, setFile] = useState<Tried>()
  const latest = useRef(0) // the file that was chosen last
  const [stage, setStage] = useState<Stage>({ name: 'chosen' })
  const under = stage.name === 'under way'
  useDraft(under && !stage.dry, t('import.leave')) // the server gives up with whoever asked

  function anew(change: () => void) {
    change()
    setStage({ name: 'chosen' })
  }
  async function choose(e: ChangeEvent<HTMLInputElement>) {
    const chosen = e.target.files?.[0]
    const mine = ++latest.current
    anew(() => setFile(undefined)) // the one before is not the one that is named in the field
    if (!chosen) return
    try {
      const type = /\.json$/i.test(chosen.name) ? 'application/json' : 'text/csv'
      const read = { name: chosen.name, content: new Blob([await chosen.arrayBuffer()]), type }
      if (mine === latest.current) setFile(read)
    } catch {
      if (mine === latest.current) setStage({ name: 'unread' })
    }
  }
  async function run(file: Tried, dry: boolean) {
    setStage({ name: 'under way', dry })
    const query = `progress=true${dry ? '&dry_run=true' : ''}${table.name === 'users' ? mappingQuery(foreign) : ''}`
    try {
      const report = await bring(`/v1/imports/${table.name}?${query}`, file.content, file.type, (reach) => setStage({ name: 'under way', dry, reach }))
      setStage(dry ? { name: 'judged', report, file } : { name: 'done', report })
    } catch (e) {
      setStage(e instanceof Lost && !dry ? { name: 'lost', record: e.record } : { name: 'refused', error: e })
    }
    if (!dry) void queries.invalidateQueries()
  }
  const good = stage.name === 'judged' && stage.report.errors_total === 0 && stage
  return (
    <section className="stack" aria-label={t('import.title')}>
      <h2>{t('import.title')}</h2>
      <p className="quiet">{t('import.help')}</p>
      <div className="filters">
        <label>
          {t('import.what')}
          <select value={table.name} disabled={under} onChange={(e) => anew(() => setTable(tables.find((x) => x.name === e.target.value)!))}>
            {tables.map((x) => (
              <option key={x.name} value={x.name}>
                {t(`import.${x.name}`)}
              </option>
            ))}
          </select>
        </label>
        {table.name === 'users' && <Mapping foreign={foreign} disabled={under} change={(f) => anew(() => setForeign(f))} />}
        <label className="file-field">
          {t('import.file')}
          <input type="file" accept=".csv,.json,text/csv,application/json" disabled={under} onChange={(e) => void choose(e)} />
        </label>
      </div>
      <p className="quiet">{t(`import.${table.name}Columns`)}</p>
      {stage.name === 'under way' && <Progress dry={stage.dry} reach={stage.reach} />}
      {(stage.name === 'judged' || stage.name === 'done') && <ReportShown report={stage.report} />}
      {stage.name === 'unread' && (
        <div className="refused" role="alert">
          <strong>{t('import.unread')}</strong>
        </div>
      )}
      {stage.name === 'refused' && <RefusedFile error={stage.error} />}
      {stage.name === 'lost' && <LostNotice record={stage.record} event={table.event} />}
      <div className="deeds">
        <Button type={good ? 'default' : 'primary'} disabled={!file || under} onClick={() => file && void run(file, true)}>
          {t('import.try')}
        </Button>
        {good && (
          <Button type="primary" onClick={() => void run(good.file, false)}>
            {t('import.do', { count: good.report.created + good.report.changed })}
          </Button>
        )}
        {file && <span className="quiet file-name">{`${file.name} · ${fileSize(file.content.size)}`}</span>}
      </div>
    </section>
  )
}
