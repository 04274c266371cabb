/** Store is a value that is replaced, never changed in place, and tells who watches. Both programs draw from it. */
export class Store<T> {
  private held: T
  private readonly watchers = new Set<() => void>()

  constructor(first: T) {
    this.held = first
  }

  readonly get = (): T => this.held

  readonly watch = (f: () => void): (() => void) => {
    this.watchers.add(f)
    return () => this.watchers.delete(f)
  }

  set(change: Partial<T>) {
    this.held = { ...this.held, ...change }
    for (const f of this.watchers) f()
  }
}
