import type { components } from './schema.d.ts'
import { alone } from './lock.ts'
import { heard, Problem, problemOf } from './problem.ts'
import { guest, type Inside } from './visit.ts'
import { Tabs, type Word } from './tabs.ts'

export type Issued = components['schemas']['IssuedJSON']
export type User = components['schemas']['UserJSON']

/**
 * What a session tells those who listen: who is signed in, undefined for nobody. 'owing' is who must choose a password first;
 * 'other' is somebody else than this page was for, and the page is to be loaded anew; 'moved' is who has entered a tenant, or left it.
 */
export type Change = { user: User | undefined; why: 'signed-in' | 'renewed' | 'owing' | 'ended' | 'other' | 'moved' }

/** Owing is who must choose a password of their own, and the one that they have just signed in with; '' where it is not known. */
export type Owing = { user: User; password: string }

/** What tabs tell each other of what was issued. Recovery codes are for the page that asked for them. */
export type Told = Pick<Issued, 'access_token' | 'expires_in' | 'user'>

const known = 'usher.signed-in' // whether a cookie may be there; the cookie itself no script sees
const early = 60_000 // renew so long before the end

/**
 * Session holds the access token, in memory and nowhere else, and renews it: before it ends, after a 401, when the machine
 * wakes, and once for all tabs. The refresh token is in a cookie that no script sees.
 */
export class Session {
  user: User | undefined
  /** Who has a token that is good for nothing but a new password. To everybody else nobody is signed in until then. */
  owing: Owing | undefined
  /** The tenant in which somebody of the platform is. Their session goes on beside it. */
  inside: Inside | undefined
  /** Who they are at home, while they are inside. */
  host: User | undefined
  private last: string | undefined // the id of whom this page was for, also after their session
  private token = ''
  private endsAt = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private renewing: Promise<boolean> | undefined
  private readonly listeners = new Set<(change: Change) => void>()
  private readonly tabs = new Tabs((word) => this.hear(word))

  constructor() {
    // Timers stand still while a machine sleeps.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.token && this.stale()) void this.renew()
    })
  }

  /** expected tells whether somebody is probably signed in, which begin is going to find out. */
  get expected(): boolean {
    return localStorage.getItem(known) !== null
  }

  /** begin finds out at the start of a page whether somebody is signed in. */
  async begin(): Promise<User | undefined> {
    if (this.expected) await this.renew()
    return this.user
  }

  /** id names the session itself, as the list of one's sessions does; '' for none. */
  get id(): string {
    const claims = this.token.split('.')[1]
    return claims ? (JSON.parse(atob(claims.replace(/-/g, '+').replace(/_/g, '/'))) as { sid: string }).sid : ''
  }

  listen(f: (change: Change) => void): () => void {
    this.listeners.add(f)
    return () => this.listeners.delete(f)
  }

  /** bearer is a token that is good for now, '' for none. */
  async bearer(): Promise<string> {
    if (this.inside) return this.inside.token
    if (this.token && this.endsAt <= Date.now()) await this.renew()
    return this.token
  }

  /** take begins or goes on with what a sign-in, a step-up, an enrolment or a new password was answered with. */
  take({ access_token, expires_in, user }: Told, password = '') {
    const told = { access_token, expires_in, user }
    this.keep(told, Date.now(), password)
    this.tabs.tell({ kind: 'issued', issued: told, at: Date.now() })
  }

  /** enter has the page be in a tenant until leave is called. */
  enter(inside: Inside) {
    this.host ??= this.user
    if (!this.host) return
    this.inside = inside
    this.user = guest(this.host, inside)
    this.tell({ user: this.user, why: 'moved' })
  }

  /** prolong goes on inside with a further token. */
  prolong(inside: Inside) {
    if (this.inside) this.inside = inside
  }

  leave() {
    if (!this.inside) return
    this.inside = undefined
    this.user = this.host
    this.host = undefined
    this.tell({ user: this.user, why: 'moved' })
  }

  /** owe is called with the token that a request was refused with because the password must change first. */
  owe(token: string) {
    if (!this.user || token !== this.token) return
    this.owing = { user: this.user, password: '' }
    this.user = undefined
    this.tell({ user: undefined, why: 'owing' })
  }

  /** know takes a later reading of who is signed in, of whom the token is. */
  know(user: User) {
    if (this.inside || user.id !== this.user?.id) return
    this.user = user
    this.tell({ user, why: 'renewed' })
  }

  /** refused is called with the token that a request was refused with: true where there is a newer one to try. */
  async refused(token: string): Promise<boolean> {
    if (token === this.inside?.token) {
      this.leave() // the visit is over
      return false
    }
    return token !== this.token ? this.token !== '' : this.renew()
  }

  /** renew gets the next token. False when there is none: then nobody is signed in any more. What passes is thrown. */
  renew(): Promise<boolean> {
    const before = this.token
    this.renewing ??= alone((waited) => this.exchange(before, waited)).finally(() => (this.renewing = undefined))
    return this.renewing
  }

  /** end forgets the token, here and in the other tabs. */
  end() {
    this.tabs.tell({ kind: 'ended' })
    this.forget('ended')
  }

  private stale(): boolean {
    return this.endsAt - early <= Date.now()
  }

  private async exchange(before: string, waited: boolean): Promise<boolean> {
    if (waited && this.token === before) await this.word() // it was said before the lock was free, and may be heard after
    if (this.token !== before && !this.stale()) return true // another tab was faster
    const response = await fetch('/v1/auth/refresh', { method: 'POST' }).catch(() => {
      throw new Problem(0, {})
    })
    if (response.ok) {
      this.take((await heard(response.json())) as Issued)
      return true
    }
    const problem = await problemOf(response)
    if (problem.passes) throw problem
    this.tabs.tell({ kind: 'ended' })
    this.forget('ended')
    return false
  }

  /** word waits for what another tab has to say, half a second at most. */
  private word(): Promise<void> {
    return new Promise((resolve) => {
      const heard = () => {
        clearTimeout(enough)
        this.listeners.delete(heard)
        resolve()
      }
      const enough = setTimeout(heard, 500)
      this.listeners.add(heard)
    })
  }

  private hear(word: Word) {
    if (word.kind === 'issued' && this.token) this.keep(word.issued, word.at)
    if (word.kind === 'ended' && this.token) this.forget('ended')
  }

  private keep({ access_token, expires_in, user }: Told, at: number, password = '') {
    localStorage.setItem(known, '1')
    // What this page holds is of somebody else, and so is what waits to be sent: the token is not for them.
    if (this.last !== undefined && this.last !== user.id) return this.tell({ user: undefined, why: 'other' })
    const before = this.user
    this.last = user.id
    this.token = access_token
    this.endsAt = at + expires_in * 1000
    this.owing = user.must_change_password ? { user, password: password || (this.owing?.password ?? '') } : undefined
    if (this.inside) this.host = user
    else this.user = this.owing ? undefined : user
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.renew().catch(() => this.soon()), Math.max(this.endsAt - Date.now() - early, 1000))
    this.tell({ user: this.user, why: this.owing ? 'owing' : before ? 'renewed' : 'signed-in' })
  }

  /** soon tries again: the network was away. */
  private soon() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.renew().catch(() => this.soon()), 5000)
  }

  private forget(why: Change['why']) {
    clearTimeout(this.timer)
    this.token = ''
    this.endsAt = 0
    this.user = undefined
    this.owing = undefined
    this.inside = undefined
    this.host = undefined
    localStorage.removeItem(known)
    this.tell({ user: undefined, why })
  }

  private tell(change: Change) {
    for (const f of this.listeners) f(change)
  }
}
