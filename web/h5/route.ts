import { Store } from '../shared/store.ts'

/** Where one is: behind the # of the address, so that the back button of a phone works. */
export const route = new Store<{ parts: string[] }>({ parts: parts() })

addEventListener('hashchange', () => {
  route.set({ parts: parts() })
  scrollTo(0, 0)
})

export function go(path: string, replace = false) {
  if (replace) history.replaceState(null, '', '#' + path)
  else location.hash = path
  route.set({ parts: parts() })
}

function parts(): string[] {
  return location.hash.replace(/^#\/?/, '').split('/').filter(Boolean)
}
