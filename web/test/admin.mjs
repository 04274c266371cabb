import { signIn, url } from './browser.mjs'

/** asAdmin signs an administrator in, and returns what asks the server itself with the token that the page is given. */
export async function asAdmin(page, who) {
  const issued = page.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp') && r.ok())
  await signIn(page, who)
  const { access_token: token } = await (await issued).json()
  return async (method, path, body, more = {}) => {
    const headers = { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json', ...more }
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) })
    return { status: answer.status, tag: answer.headers.get('ETag'), ...(answer.status === 204 ? {} : await answer.json()) }
  }
}
