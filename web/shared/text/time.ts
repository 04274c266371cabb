import type { Language } from './text.ts'

const minute = 60, hour = 3600, day = 86_400

/** clock is the time of day, with the day where it is not today's. */
export function clock(at: string, l: Language): string {
  const date = new Date(at)
  const sameDay = date.toDateString() === new Date().toDateString()
  return new Intl.DateTimeFormat(l, { ...(sameDay ? {} : { month: 'numeric', day: 'numeric' }), hour: '2-digit', minute: '2-digit', hour12: false }).format(date)
}

/** dayOf names the day for people: with the year where it is another one. */
export function dayOf(at: string, l: Language): string {
  const date = new Date(at)
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' as const }
  return new Intl.DateTimeFormat(l, { ...year, month: 'long', day: 'numeric', weekday: 'short' }).format(date)
}

/** ago is how long something is past, in the largest unit, such as "3 min". */
export function ago(at: string, l: Language, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1000))
  const [value, unit] = seconds < minute ? [seconds, 'second'] : seconds < hour ? [seconds / minute, 'minute'] : seconds < day ? [seconds / hour, 'hour'] : [seconds / day, 'day']
  return new Intl.NumberFormat(l, { style: 'unit', unit: unit as string, unitDisplay: 'short', maximumFractionDigits: 0 }).format(Math.floor(value as number))
}

/** exact is a moment to the second, in the reader's time zone. */
export function exact(at: string, l: Language): string {
  return new Intl.DateTimeFormat(l, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at))
}
