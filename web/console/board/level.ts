/** Level says how much something needs somebody. */
export type Level = 'fine' | 'warn' | 'bad'

// Beyond these the board calls for somebody. The desk promises an answer within a minute; after five,
// other departments begin to help out; an agent who lets somebody wait for three is told so by a lamp.
const wait = { warn: 60, bad: 300 }
const answer = { warn: 180, bad: 600 }
const promised = { warn: 0.8, bad: 0.6 }
const left = { warn: 0.05, bad: 0.1 }

/** ofWait is how bad it is that somebody waits for an agent, for so many seconds. */
export function ofWait(seconds: number | undefined): Level {
  return above(seconds, wait)
}

/** ofAnswer is how bad it is that somebody waits for an answer of the agent who works on it. */
export function ofAnswer(seconds: number | undefined): Level {
  return above(seconds, answer)
}

/** ofLeft is how bad it is that such a share left the queue. */
export function ofLeft(share: number | undefined): Level {
  return above(share, left)
}

/** ofPromise is how bad such a service level is. */
export function ofPromise(share: number | null): Level {
  if (share === null) return 'fine'
  return share < promised.bad ? 'bad' : share < promised.warn ? 'warn' : 'fine'
}

function above(value: number | undefined, limit: { warn: number; bad: number }): Level {
  if (value === undefined) return 'fine'
  return value >= limit.bad ? 'bad' : value >= limit.warn ? 'warn' : 'fine'
}
