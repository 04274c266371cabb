import type { components } from './schema.d.ts'
import { alone } from './lock.ts'
import { Problem, problemOf } from './problem.ts'
import { Tabs, type Word } from './tabs.ts'

export type Issued = components['schemas']['IssuedJSON']
export type User = components['schemas']['UserJSON']

/** What a session tells those who listen: who is signed in, undefined for nobody; 'other' when somebody else is now. */
export type Change = { user: User | undefined; why: 'signed-in' | 'renewed' | 'ended' | 'other' }

const known = 'usher.signed-in' // whether a cookie may be there; the cookie itself no script sees
const early = 60_000 // renew so long before the end

/**
 * Session holds the access token, in memory and nowhere else, and renews it: before it ends, after a 401, when the machine
 * wakes, and once for all tabs. The refresh token is in a cookie that no script sees.
 */
export class Session {
  user: User | undefined
  private token = ''
  private endsAt = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private renewing: Promise<boolean> | undefined
  private readonly listeners = new Set<(change: Change) => void>()
  private readonly tabs = new Tabs((word) => this.hear(word))

  constructor() {
    // Timers stand still while a machine sleeps.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.user && this.stale()) void this.renew()
    })
  }

  /** begin finds out at the start of a page whether somebody is signed in. */
  async begin(): Promise<User | undefined> {
    if (localStorage.getItem(known)) await this.renew()
    return this.user
  }

  listen(f: (change: Change) => void): () => void {
    this.listeners.add(f)
    return () => this.listeners.delete(f)
  }

  /** bearer is a token that is good for now, '' for none. */
  async bearer(): Promise<string> {
    if (this.user && this.endsAt <= Date.now()) await this.renew()
    return this.token
  }

  /** take begins or goes on with what a sign-in, a step-up or an enrolment was answered with. */
  take(issued: Issued) {
    this.keep(issued, Date.now(), this.user ? 'renewed' : 'signed-in')
    this.tabs.tell({ kind: 'issued', issued, at: Date.now() })
  }

  /** know takes a later reading of who is signed in, of whom the token is. */
  know(user: User) {
    if (user.id !== this.user?.id) return
    this.user = user
    this.tell({ user, why: 'renewed' })
  }

  /** refused is called with the token that a request was refused with: true where there is a newer one to try. */
  async refused(token: string): Promise<boolean> {
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
      this.take((await response.json()) as Issued)
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
    if (word.kind === 'issued' && this.user) this.keep(word.issued, word.at, 'renewed')
    if (word.kind === 'ended' && this.user) this.forget('ended')
  }

  private keep(issued: Issued, at: number, why: Change['why']) {
    const other = this.user !== undefined && this.user.id !== issued.user.id
    this.token = issued.access_token
    this.endsAt = at + issued.expires_in * 1000
    this.user = issued.user
    localStorage.setItem(known, '1')
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.renew().catch(() => this.soon()), Math.max(this.endsAt - Date.now() - early, 1000))
    this.tell({ user: issued.user, why: other ? 'other' : why })
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
    localStorage.removeItem(known)
    this.tell({ user: undefined, why })
  }

  private tell(change: Change) {
    for (const f of this.listeners) f(change)
  }
}
