import { Store } from '../store.ts'
import type { Session } from './session.ts'

const touchedAt = 'usher.touched' // when somebody last did something in any tab
const coveredFor = 'usher.covered' // whose pages are covered

/**
 * Idle covers the pages of both programs when nobody has done anything for as many minutes as the tenant allows, in all tabs
 * and over reloads, until whoever is there has proved to be who was. The session goes on beneath: nothing is lost, and no work is taken away.
 */
export class Idle {
  readonly store = new Store({ covered: false })
  private readonly session: Session

  constructor(session: Session) {
    this.session = session
    const look = () => this.look()
    for (const deed of ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const) addEventListener(deed, this.touch, { capture: true, passive: true })
    addEventListener('storage', look)
    document.addEventListener('visibilitychange', look)
    setInterval(look, 5000)
    session.listen(({ why }) => (why === 'ended' ? this.uncover() : look()))
  }

  /** uncover is called when whoever is there has signed in again, or out. Other tabs hear of the deed first, lest they cover themselves again. */
  uncover() {
    localStorage.setItem(touchedAt, String(Date.now()))
    localStorage.removeItem(coveredFor)
    this.look()
  }

  private readonly touch = () => {
    this.look() // the first deed after a long time is none
    // While it is being found out who is signed in, nothing counts: it would do away with the time that nobody was here.
    const { user, owing, expected } = this.session
    if (!this.store.get().covered && (user || owing || !expected)) localStorage.setItem(touchedAt, String(Date.now()))
  }

  private look() {
    const user = this.session.user
    const minutes = user?.tenant.idle_minutes ?? 0
    const since = Number(localStorage.getItem(touchedAt) ?? Date.now())
    const marked = user !== undefined && localStorage.getItem(coveredFor) === user.id
    const late = Date.now() - since >= minutes * 60_000
    const covered = user !== undefined && minutes > 0 && (marked || late)
    if (covered && !marked) localStorage.setItem(coveredFor, user.id) // once: a tab that hears late must not undo what another did
    if (covered !== this.store.get().covered) this.store.set({ covered })
  }
}
