import { Store } from '../../shared/store.ts'
import { session } from '../app.ts'

/** Wishes are by what an agent wants to be told: a sound unless they say no, notifications of the browser once they ask for them. */
export type Wishes = { sound: boolean; notification: boolean }

const key = (wish: keyof Wishes) => `usher.wish.${wish}.${session.user?.id ?? ''}`

/** wishes are those of who is signed in, kept in this browser. */
export const wishes = new Store<Wishes>(read())
session.listen(({ why }) => why === 'signed-in' && wishes.set(read()))

function read(): Wishes {
  return { sound: localStorage.getItem(key('sound')) !== 'no', notification: localStorage.getItem(key('notification')) === 'yes' && allowed() }
}

/** wish keeps a wish. The browser asks for its permission when notifications are wished for, and never by itself. */
export async function wish(what: keyof Wishes, wanted: boolean) {
  if (what === 'notification' && wanted && !allowed() && (await Notification.requestPermission()) !== 'granted') return
  localStorage.setItem(key(what), wanted ? 'yes' : 'no')
  wishes.set({ [what]: wanted })
}

/** refused tells that the browser will not even ask. */
export function refused(): boolean {
  return !('Notification' in window) || Notification.permission === 'denied'
}

function allowed(): boolean {
  return 'Notification' in window && Notification.permission === 'granted'
}
