/** Filter is what a list of users is narrowed by, as it stands in the address. */
export type Filter = { q?: string; department?: string; role?: string; state?: 'active' | 'disabled' }

/** filterOf reads a filter from an address. */
export function filterOf(search: Record<string, unknown>): Filter {
  const text = (name: string) => (search[name] === undefined || search[name] === '' ? {} : { [name]: String(search[name]) })
  const state = search['state'] === 'active' || search['state'] === 'disabled' ? { state: search['state'] as 'active' | 'disabled' } : {}
  return { ...text('q'), ...text('department'), ...text('role'), ...state }
}

/** queryOf is how a filter is said to the server. */
export function queryOf({ state, ...rest }: Filter) {
  return { ...rest, ...(state ? { active: state === 'active' ? ('true' as const) : ('false' as const) } : {}) }
}
