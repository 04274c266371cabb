import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

/** fail answers the next sign-out as a server does that cannot now. */
async function fail(page) {
  const body = JSON.stringify({ status: 503, code: 'unavailable', title: 'Try again.' })
  await page.route('**/v1/auth/logout', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body }), { times: 1 })
}

/** kept are the names of what this browser keeps of what somebody typed. */
const kept = (page) => page.evaluate(() => Object.keys(localStorage).filter((name) => /^usher\.(draft|outbox)\./.test(name)))

test('who could not be signed out is told on the phone, and still signed in', () =>
  visit({ screen: 'phone', expected: [503] }, async (phone) => {
    await signIn(phone, 'it user', '/h5')
    await phone.locator('.tile').first().waitFor()
    await fail(phone)
    await phone.locator('.menu summary').tap()
    await phone.getByRole('button', { name: '退出登录' }).tap()
    await expectText(phone.locator('.menu .refused'), /Try again/)
    await phone.reload()
    await phone.locator('.menu summary').tap()
    await phone.getByRole('button', { name: '退出登录' }).tap()
    await phone.locator('[name=password]').waitFor()
    await phone.reload()
    await phone.locator('[name=password]').waitFor()
  }))

test('who could not be signed out of the console tries again, and then is', () =>
  visit({ expected: [503] }, async (desk) => {
    await signIn(desk, 'it agent')
    await fail(desk)
    await desk.locator('.rail-end button').last().click()
    await desk.getByRole('button', { name: '退出登录' }).click()
    await expectText(desk.locator('.me .refused'), /Try again/)
    await desk.getByRole('button', { name: '重试' }).click()
    await desk.locator('[name=password]').waitFor()
  }))

test('what one typed before their session ended is not there for the next who signs in', () =>
  visit({ expected: [401] }, async (desk) => {
    await signIn(desk, 'center agent')
    await desk.locator('.conversation:not(.ghost)').first().click()
    await desk.locator('.composer textarea').fill('not for others')
    assert.equal((await kept(desk)).length, 1)
    await visit({}, async (elsewhere) => {
      const issued = elsewhere.waitForResponse((r) => r.url().endsWith('/v1/auth/login') && r.ok())
      await signIn(elsewhere, 'center agent')
      const { access_token: token } = await (await issued).json()
      const ended = await fetch(url + '/v1/me/sessions', { method: 'DELETE', headers: { Authorization: 'Bearer ' + token } })
      assert.equal(ended.status, 204)
    })
    await expectText(desk.locator('.hint'), /登录已结束/)
    assert.equal((await kept(desk)).length, 1)
    const renewed = desk.waitForResponse((r) => r.url().endsWith('/v1/auth/refresh') && r.ok()) // the page is loaded anew
    await desk.fill('[name=username]', 'supervisor')
    await desk.fill('[name=password]', people['center supervisor'].password)
    await desk.keyboard.press('Enter')
    await renewed
    await desk.locator('.rail').waitFor()
    assert.deepEqual(await kept(desk), [])
  }))

test('a tab tells the others the token, its life and its user, and nothing else', () =>
  visit({ screen: 'phone' }, async (phone, context) => {
    const other = await context.newPage()
    await other.goto(url + '/h5/t/it')
    const said = other.evaluate(() => new Promise((resolve) => (new BroadcastChannel('usher').onmessage = (e) => resolve(Object.keys(e.data.issued)))))
    await signIn(phone, 'it user', '/h5')
    assert.deepEqual((await said).sort(), ['access_token', 'expires_in', 'user'])
  }))
