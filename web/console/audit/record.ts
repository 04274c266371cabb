/** What a page reads of an audit record (version 1); docs of package trail say what each part means. */
export type AuditRecord = {
  id: string
  time: string
  action: { event: string; op: string; method?: string; route?: string; permission?: string; step_up?: string }
  actor: { type: string; id?: string; roles?: string[]; amr?: string[]; sid?: string }
  target?: { type: string; id: string }[]
  change?: Record<string, { old?: string[]; new?: string[]; committed?: { old: string; new: string } }>
  outcome: { result: 'success' | 'failure' | 'unknown'; code?: number; reason?: string; ms?: number; n?: number }
  context: { node?: string; request?: string; tenant?: string }
}

export type Personal = Record<string, unknown>

/** Item is a record as a search finds it, and the values beside it. */
export type Item = { id: string; record: AuditRecord; personal: Personal }

/** Changed is a field before and after; undefined where the record does not show a value. */
export type Changed = { field: string; before: string | undefined; after: string | undefined }

/** changes reads what a record says changed. Values that it only commits to come from what is kept beside it, unless erased. */
export function changes(record: AuditRecord, personal: Personal): Changed[] {
  return Object.entries(record.change ?? {}).map(([field, c]) => ({
    field,
    before: c.old ? c.old.join('\n') : text(personal[`change.${field}.old`]),
    after: c.new ? c.new.join('\n') : text(personal[`change.${field}.new`]),
  }))
}

function text(value: unknown): string | undefined {
  return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)
}
