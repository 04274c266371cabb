import type { paths } from './schema.d.ts'
import { heard, Problem, problemOf } from './problem.ts'
import type { Session } from './session.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>
type Param<O, K extends string> = O extends { parameters: { [k in K]?: infer Q } } ? NonNullable<Q> : never
type Json<T> = T extends { content: { 'application/json': infer B } } ? B : never
type Body<O> = O extends { requestBody?: infer R } ? Json<NonNullable<R>> : never
type Responses<O> = O extends { responses: infer R } ? R : never

/** Answer is what an operation succeeds with. */
export type Answer<P extends keyof paths, M extends Method> =
  | Json<Responses<Operation<P, M>>[keyof Responses<Operation<P, M>> & (200 | 201)]>

type Options<O> = {
  path?: Param<O, 'path'>
  query?: Param<O, 'query'>
  body?: Body<O>
  /** The version that the change is meant for. */
  version?: number
  /** The digest of the change's preview. */
  preview?: string
  signal?: AbortSignal
}

/** The paths that have an operation of a method. */
export type PathOf<M extends Method> = { [P in keyof paths]: paths[P][M] extends undefined ? never : P }[keyof paths]

export type Client = ReturnType<typeof newClient>

/**
 * Steps are what else a refusal leads to: stepUp asks for the second factor, true when it was shown and the request may be
 * sent again; missing hears that a permission is not there, or no longer.
 */
export type Steps = { stepUp?: () => Promise<boolean>; enrol?: () => void; missing?: () => void }

/**
 * newClient speaks to the server with the types of its own description. A request that is refused because the token is
 * old is sent once more with the next one; one that needs a fresh second factor waits for it and goes on where it was.
 */
export function newClient(session: Session, language: () => string, steps: Steps = {}) {
  async function send(method: Method, path: string, o: Options<unknown> & { raw?: RequestInit }): Promise<Response> {
    let stepped = false
    for (let renewed = false; ; ) {
      const token = path.startsWith('/v1/auth/login') ? '' : await session.bearer() // a password speaks for itself: that it is refused says nothing of a token
      const response = await fetch(path, request(method, o, token)).catch((e: unknown) => {
        throw o.signal?.aborted ? e : new Problem(0, {})
      })
      if (response.ok) return response
      const problem = await problemOf(response)
      if (problem.status === 401 && problem.code === 'step_up_required' && !stepped && steps.stepUp) {
        stepped = true
        if (await steps.stepUp()) continue
      } else if (problem.status === 401 && token && !renewed) {
        renewed = true
        if (await session.refused(token)) continue
      } else if (problem.code === 'mfa_enrolment_required') {
        steps.enrol?.()
      } else if (problem.code === 'password_change_required') {
        session.owe(token)
      } else if (problem.missing) {
        steps.missing?.()
      }
      throw problem
    }
  }

  function request(method: Method, o: Options<unknown> & { raw?: RequestInit }, token: string): RequestInit {
    const headers: Record<string, string> = { 'Accept-Language': language(), ...(o.raw?.headers as Record<string, string>) }
    if (token) headers['Authorization'] = 'Bearer ' + token
    if (o.version !== undefined) headers['If-Match'] = `"${o.version}"`
    if (o.preview !== undefined) headers['If-Preview'] = `"${o.preview}"`
    if (o.body !== undefined) headers['Content-Type'] = 'application/json'
    return {
      method: method.toUpperCase(),
      headers,
      signal: o.signal ?? null,
      body: o.raw?.body ?? (o.body === undefined ? null : JSON.stringify(o.body)),
    }
  }

  async function call<M extends Method, P extends PathOf<M>>(method: M, path: P, o: Options<Operation<P, M>> = {}): Promise<Answer<P, M>> {
    const response = await send(method, address(path as string, o), o as Options<unknown>)
    return (response.status === 204 ? undefined : await heard(response.json())) as Answer<P, M>
  }

  return {
    get: <P extends PathOf<'get'>>(path: P, o?: Options<Operation<P, 'get'>>) => call('get', path, o),
    post: <P extends PathOf<'post'>>(path: P, o?: Options<Operation<P, 'post'>>) => call('post', path, o),
    put: <P extends PathOf<'put'>>(path: P, o?: Options<Operation<P, 'put'>>) => call('put', path, o),
    patch: <P extends PathOf<'patch'>>(path: P, o?: Options<Operation<P, 'patch'>>) => call('patch', path, o),
    delete: <P extends PathOf<'delete'>>(path: P, o?: Options<Operation<P, 'delete'>>) => call('delete', path, o),
    /** upload sends a file as it is; its name is in a header. */
    async upload(file: File): Promise<Answer<'/v1/files', 'post'>> {
      const headers = {
        'Content-Type': file.type || 'text/plain',
        'Content-Disposition': "attachment; filename*=UTF-8''" + encodeURIComponent(file.name).replace(/['()*!]/g, (c) => '%' + c.charCodeAt(0).toString(16)),
      }
      const response = await send('post', '/v1/files', { raw: { headers, body: file } })
      return (await heard(response.json())) as Answer<'/v1/files', 'post'>
    },
    /** open sends what is no JSON, and hands out the answer itself, which may take its time. */
    open: (method: Method, path: string, raw: RequestInit): Promise<Response> => send(method, path, { raw }),
    /** blob gets a file. Its address carries no token, so that the page asks for it itself. */
    async blob(path: string): Promise<Blob> {
      return heard((await send('get', path, {})).blob())
    },
  }
}

function address(path: string, o: { path?: unknown; query?: unknown }): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String((o.path as Record<string, unknown>)[name])))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries((o.query as Record<string, unknown>) ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  return query.size > 0 || [...query].length > 0 ? `${filled}?${query}` : filled
}
