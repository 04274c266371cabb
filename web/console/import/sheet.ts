/** lastRow counts the rows of an exported file, and is the first cell of the last one, behind which the next file begins. */
export function lastRow(text: string, format: 'csv' | 'json'): { rows: number; first: string } {
  if (format === 'csv') return lastOfSheet(text)
  const rows = JSON.parse(text) as Record<string, unknown>[]
  const last = rows.at(-1)
  return { rows: rows.length, first: last ? String(last['username'] ?? last['name'] ?? last['path']) : '' }
}

/** lastOfSheet reads CSV (RFC 4180) as far as rows and first cells go: a break within quotation marks ends no row. */
function lastOfSheet(text: string): { rows: number; first: string } {
  let rows = -1 // the first has the names of the columns
  let first = ''
  for (const [row] of text.matchAll(/(?:"(?:[^"]|"")*"|[^"\r\n])+(?=\r?\n|$)/g)) {
    rows++
    const cell = /^(?:\uFEFF)?(?:"((?:[^"]|"")*)"|([^,]*))/.exec(row)!
    first = cell[1]?.replace(/""/g, '"') ?? cell[2]!
  }
  return { rows: Math.max(rows, 0), first }
}
