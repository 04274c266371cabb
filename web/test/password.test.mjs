import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { accessible, looks, people, totp, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

const former = 'hunter2'
const hash = '$2a$05$Wm/KYddEDYZsYO0snMOPOuaFA52as/u0uL6Px.NVwmauvX3eaYmpu' // what another desk has made of it
const chosen = 'a quite different sentence 94'

/** ask sends JSON, or a file, and returns the answer's. */
async function ask(path, body, headers = {}) {
  const answer = await fetch(url + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } })
  return { status: answer.status, ...(await answer.json()) }
}

// Those of whom the tests tell come from another desk, with their passwords.
before(async () => {
  const { password, secret } = people['it admin']
  const { challenge } = await ask('/v1/auth/login', { tenant: 'it', username: 'admin', password })
  const code = totp(secret, Date.now() - 30_000) // the present one is left to other tests
  const { access_token: token } = await ask('/v1/auth/login/otp', { challenge, code })
  const file = 'username,name,roles,password_hash\n' + ['phone,user', 'english,user', 'desk,agent'].map((u) => `from_${u.replace(',', ',New,')},${hash}\n`).join('')
  const brought = await ask('/v1/imports/users', file, { Authorization: 'Bearer ' + token, 'Content-Type': 'text/csv' })
  assert.equal(brought.passwords_to_change, 3, JSON.stringify(brought))
})

/** come signs somebody in with the password that they had. */
async function come(page, username, where = '') {
  await page.goto(`${url}${where}/t/it`)
  await page.fill('[name=username]', username)
  await page.fill('[name=password]', former)
  await page.keyboard.press('Enter')
  await page.locator('[name=new]').waitFor()
}

test('who came with an imported password chooses one of their own on the phone, by keyboard, and is in', () =>
  visit({ screen: 'phone', expected: [422] }, async (phone) => {
    await come(phone, 'from_phone', '/h5')
    await accessible(phone, 'choosing a password')
    await phone.locator('[name=new]:focus').waitFor()
    assert.equal(await phone.locator('[name=current]').count(), 0) // it was typed a moment ago
    for (const next of ['short', former + former]) {
      await phone.fill('[name=new]', next)
      await phone.keyboard.press('Tab')
      await phone.keyboard.type(next)
      await phone.keyboard.press('Enter')
      await expectText(phone.locator('.refused'), next === 'short' ? /只有 5 个字符，至少需要 12 个/ : /太容易猜到/)
    }
    await phone.fill('[name=new]', chosen)
    await phone.fill('[name=again]', chosen + '!')
    await phone.keyboard.press('Enter')
    await expectText(phone.locator('form'), /两次输入不一致/)
    await phone.fill('[name=again]', chosen)
    await phone.keyboard.press('Enter')
    await expectText(phone.locator('h1'), /New，您好/)
    await phone.locator('.tile').first().waitFor()
    await phone.reload()
    await expectText(phone.locator('h1'), /New，您好/)
  }))

test('a reload asks for the present password as well, in English', () =>
  visit({ screen: 'phone', locale: 'en', theme: 'dark', expected: [422] }, async (phone) => {
    await come(phone, 'from_english', '/h5')
    await phone.reload()
    await phone.getByLabel('Present password').fill('hunter3')
    await accessible(phone, 'choosing a password, in English')
    await phone.getByLabel('New password').fill(chosen)
    await phone.getByLabel('The same once more').fill(chosen)
    await phone.keyboard.press('Enter')
    await expectText(phone.locator('.refused'), /present password is wrong/)
    await phone.getByLabel('Present password').fill(former)
    await phone.keyboard.press('Enter')
    await expectText(phone.locator('h1'), /Hello New/)
  }))

test('the console asks for a password of one\'s own in both languages, and goes on to the desk', () =>
  visit({ expected: [403, 422] }, async (desk) => {
    await come(desk, 'from_desk')
    await desk.locator('[name=new]:focus').waitFor()
    for (const { locale, theme } of looks) {
      await desk.getByRole('combobox').nth(0).selectOption(locale)
      await desk.getByRole('combobox').nth(1).selectOption(theme)
      await accessible(desk, `choosing a password ${locale} ${theme}`)
    }
    for (const next of [former + 'from_desk', chosen]) {
      await desk.getByLabel('New password').fill(next)
      await desk.getByLabel('The same once more').fill(next)
      await desk.keyboard.press('Enter')
      if (next !== chosen) await expectText(desk.locator('.refused'), /It contains the username/)
    }
    await desk.locator('.rail').waitFor()
    await desk.locator('.conversation:not(.ghost), .empty').first().waitFor()

    // Should it be demanded later, any refusal leads there.
    const body = JSON.stringify({ status: 403, code: 'password_change_required', title: 'First choose a password of your own.' })
    await desk.route('**/v1/conversations?q=*', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body }), { times: 1 })
    await desk.getByRole('searchbox').fill('VPN')
    await desk.getByLabel('Present password').waitFor()
  }))
