import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people, signIn, totp, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

/** refuse answers the next request of a page to an address as the server does when a token is no longer good, once ready. */
async function refuse(page, address, code, ready = () => undefined) {
  await page.route(address, async (route) => (await ready(), route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ status: 401, code, title: code }) })), { times: 1 })
}

test('tabs renew the token once for all of them', () =>
  visit({ expected: [401] }, async (first, context) => {
    await signIn(first, 'center agent')
    await first.locator('.conversation:not(.ghost)').first().waitFor()
    const second = await context.newPage()
    await second.goto(url + '/desk')
    await second.locator('.conversation:not(.ghost)').first().waitFor()
    let renewals = 0
    context.on('request', (r) => r.url().endsWith('/v1/auth/refresh') && renewals++)
    const tabs = [first, second]
    let asked = 0
    let bothAsked
    const both = new Promise((resolve) => (bothAsked = resolve))
    await Promise.all(tabs.map((tab) => refuse(tab, '**/v1/conversations?q=*', 'token_expired', () => (++asked === 2 && bothAsked(), both))))
    const found = tabs.map((tab) => tab.waitForResponse((r) => r.url().includes('/v1/conversations?q=') && r.ok()))
    await Promise.all(tabs.map((tab) => tab.getByRole('searchbox').fill('VPN')))
    await Promise.all(found)
    assert.equal(renewals, 1)
  }))

test('an employee who signs in where agents do is led to the page of employees', () =>
  visit({}, async (page) => {
    await signIn(page, 'it user')
    await page.waitForURL(/\/h5(\/|$)/)
    await page.getByRole('button', { name: '电脑', exact: true }).waitFor()
  }))

test('what needs a fresh second factor asks for it and goes on where it was', () =>
  visit({ expected: [401] }, async (page) => {
    await signIn(page, 'shop admin')
    await page.getByRole('link', { name: '角色' }).click()
    await page.getByRole('link', { name: /admin/ }).click()
    await page.getByRole('button', { name: '复制' }).click()
    await page.getByLabel('标识').fill('second_admin')
    await refuse(page, '**/v1/roles/admin/clone', 'step_up_required')
    await page.getByRole('dialog').getByRole('button', { name: '复制' }).click()
    const dialog = page.getByRole('dialog', { name: '二次验证' })
    await dialog.getByLabel('验证码').fill(totp(people['shop admin'].secret, Date.now() + 30_000)) // the present one is used
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'hidden' })
    await expectText(page.locator('.role-editor header code'), /second_admin/)
  }))

test('whose session is ended mid-work is shown out, and finds the draft again', () =>
  visit({ expected: [401] }, async (desk) => {
    await signIn(desk, 'center agent')
    await desk.locator('.conversation:not(.ghost)').first().click()
    const field = desk.locator('.composer textarea')
    await field.fill('half a sentence')
    const kind = await field.getAttribute('aria-label')
    await visit({}, async (elsewhere) => {
      const issued = elsewhere.waitForResponse((r) => r.url().endsWith('/v1/auth/login') && r.ok())
      await signIn(elsewhere, 'center agent')
      const { access_token: token } = await (await issued).json()
      const ended = await fetch(url + '/v1/me/sessions', { method: 'DELETE', headers: { Authorization: 'Bearer ' + token } })
      assert.equal(ended.status, 204)
    })
    await expectText(desk.locator('.hint'), /登录已结束/)
    const where = new URL(desk.url()).pathname
    await desk.fill('[name=username]', 'agent')
    await desk.fill('[name=password]', people['center agent'].password)
    await desk.keyboard.press('Enter')
    await field.waitFor()
    assert.equal(new URL(desk.url()).pathname, where)
    assert.equal(await field.inputValue(), 'half a sentence')
    assert.equal(await field.getAttribute('aria-label'), kind)
  }))

test('keyboard alone is enough to sign in, open a conversation and leave a note', () =>
  visit({}, async (desk) => {
    await desk.goto(url + '/t/center')
    await desk.locator('[name=username]:focus').waitFor()
    await desk.keyboard.type('senior_agent')
    await desk.keyboard.press('Tab')
    await desk.keyboard.type(people['center senior_agent'].password)
    await desk.keyboard.press('Enter')
    await desk.locator('.conversation:not(.ghost), .empty').first().waitFor()
    await desk.getByRole('tab', { selected: true }).focus()
    await desk.keyboard.press('ArrowRight')
    await desk.locator('.conversation:not(.ghost)').first().waitFor()
    await desk.keyboard.press('Alt+j')
    await desk.locator('.composer').waitFor()
    await desk.keyboard.press('Alt+p')
    assert.equal(await desk.evaluate(() => document.activeElement?.tagName), 'TEXTAREA')
  }))
