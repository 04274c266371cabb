type Waiting<V> = { id: string; resolve: (value: V | undefined) => void; reject: (e: unknown) => void }

/** batched asks at once for what is asked for one by one in the same moment, at most so many at a time. */
export function batched<V>(read: (ids: string[]) => Promise<Map<string, V>>, most = 100): (id: string) => Promise<V | undefined> {
  let waiting: Waiting<V>[] = []
  const ask = async (some: Waiting<V>[]) => {
    try {
      const found = await read([...new Set(some.map((w) => w.id))])
      for (const w of some) w.resolve(found.get(w.id))
    } catch (e) {
      for (const w of some) w.reject(e)
    }
  }
  return (id) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ id, resolve, reject }) > 1) return
      setTimeout(() => {
        const all = waiting
        waiting = []
        for (let i = 0; i < all.length; i += most) void ask(all.slice(i, i + most))
      })
    })
}
