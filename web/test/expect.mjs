import assert from 'node:assert/strict'

/** expectText waits until what is found has a text like that. */
export async function expectText(locator, like, patience = 60_000) {
  const until = Date.now() + patience
  let last = ''
  while (Date.now() < until) {
    last = (await locator.count()) > 0 ? ((await locator.first().textContent()) ?? '') : ''
    if (like.test(last)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.match(last, like)
}
