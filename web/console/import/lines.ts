import type { components } from '../../shared/api/schema.d.ts'
import { Problem, toProblem } from '../../shared/api/problem.ts'
import { client } from '../app.ts'

export type Report = components['schemas']['ImportOutputBody']
export type Reach = { phase: 'rows' | 'check'; done: number; total: number }
type Line = Reach | Report | (Partial<components['schemas']['Problem']> & { status: number; code: string })

/** Lost is an import of whose end nothing was heard. record is the audit record that says what became of it; '' where nothing was heard at all. */
export class Lost extends Error {
  readonly record: string
  constructor(record: string) {
    super('the connection was lost')
    this.record = record
  }
}

/**
 * bring sends a file, and hears how far the server is with it. What was not heard to its end is Lost: all of the file may
 * be in, or nothing of it.
 */
export async function bring(path: string, file: Blob, type: string, heard: (r: Reach) => void): Promise<Report> {
  const answer = await client.open('post', path, { headers: { 'Content-Type': type }, body: file }).catch((e: unknown) => {
    throw toProblem(e).status === 0 ? new Lost('') : e
  })
  let last: Line | undefined
  try {
    for await (const line of linesOf(answer)) {
      if ('phase' in line) heard(line)
      else last = line
    }
  } catch {
    last = undefined // half a line, or none
  }
  if (!last || 'phase' in last) throw new Lost(answer.headers.get('Audit-Record') ?? '')
  if ('status' in last) throw new Problem(last.status, last)
  return last
}

/** linesOf reads an answer of one JSON document a line, each as it comes. */
async function* linesOf(answer: Response): AsyncGenerator<Line> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    const lines = (rest + (value ?? '')).split('\n')
    rest = done ? '' : lines.pop()!
    for (const line of lines) if (line) yield JSON.parse(line) as Line
    if (done) return
  }
}
