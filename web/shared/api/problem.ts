import type { components } from './schema.d.ts'

type Body = components['schemas']['Problem']

/**
 * Problem is a refusal of the server (RFC 9457), or that it could not be reached: code 'offline', status 0. Its title is in
 * the language in which was asked. What went wrong on the page itself has the code 'page', and status 0 too.
 */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly body: Partial<Body>
  /** Seconds after which it may be tried again; undefined where the server did not say. */
  readonly retryAfter: number | undefined

  constructor(status: number, body: Partial<Body>, retryAfter?: number) {
    super(body.title ?? 'The server cannot be reached.')
    this.status = status
    this.code = body.code ?? (status === 0 ? 'offline' : 'internal')
    this.body = body
    this.retryAfter = retryAfter
  }

  /** passes tells whether the same request may well succeed later, without anybody changing anything. */
  get passes(): boolean {
    return this.code === 'offline' || this.status === 502 || this.status === 503 || this.status === 504 || this.status === 429
  }

  /** missing is the permission that the refusal names, with the scope where that is what lacks. */
  get missing(): Missing | undefined {
    const found = /^needs (.+?)(?: at (\w+))?; you have (.+)$/.exec(this.body.detail ?? '')
    return found ? { permissions: found[1]!.split(' or '), scope: found[2], have: found[3] === 'nothing' ? [] : found[3]!.split(', ') } : undefined
  }
}

export type Missing = { permissions: string[]; scope: string | undefined; have: string[] }

/** heard is an answer, of which the network may yet lose the rest. */
export function heard<T>(rest: Promise<T>): Promise<T> {
  return rest.catch(() => {
    throw new Problem(0, {})
  })
}

/** problemOf reads a refusal; what a proxy in between says is none of ours. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await heard(response.text())
  const after = Number(response.headers.get('Retry-After')) || undefined
  try {
    return new Problem(response.status, JSON.parse(text) as Partial<Body>, after)
  } catch {
    return new Problem(response.status, {}, after)
  }
}

/** toProblem takes whatever was thrown. What is no refusal is a fault of the page: it has no status either, and trying again does not mend it. */
export function toProblem(e: unknown): Problem {
  return e instanceof Problem ? e : new Problem(0, { code: 'page', title: 'Something went wrong on this page.' })
}
