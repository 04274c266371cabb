const key = 'usher.newcomer'

/** makeWay loads the page anew, because what it holds is of somebody else than who is signed in by now, and has it say so. */
export function makeWay() {
  sessionStorage.setItem(key, '1')
  location.reload()
}

/** newcomer tells, once, whether a page was loaded anew for another user. */
export function newcomer(): boolean {
  const told = sessionStorage.getItem(key) !== null
  sessionStorage.removeItem(key)
  return told
}
