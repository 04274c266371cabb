const lease = 'usher.renewing'
const leaseTime = 10_000

/**
 * alone runs f while no other tab of this browser does, and tells it whether another one did until now. Where there are no Web Locks (Safari before 15.4) a line in the
 * storage stands for the lock; a tab that dies holds it ten seconds. Should two hold it at once after all, the server
 * accepts the token before the present one as long as its successor is unused.
 */
export async function alone<T>(f: (waited: boolean) => Promise<T>): Promise<T> {
  if ('locks' in navigator) {
    const free = await navigator.locks.request(lease, { ifAvailable: true }, async (lock) => (lock ? { value: await f(false) } : undefined))
    return free ? free.value : navigator.locks.request(lease, () => f(true))
  }
  let waited = false
  for (;;) {
    const until = Number(localStorage.getItem(lease))
    if (!(until > Date.now())) break
    waited = true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  localStorage.setItem(lease, String(Date.now() + leaseTime))
  try {
    return await f(waited)
  } finally {
    localStorage.removeItem(lease)
  }
}
