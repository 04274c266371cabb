import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, looks, people, shot, signIn, totp, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

/** administer returns what sets after how many idle minutes the pages of a tenant are covered. */
async function administer(tenant) {
  const post = async (path, body) => (await fetch(url + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json()
  const { password, secret } = people[tenant + ' admin']
  const { challenge } = await post('/v1/auth/login', { tenant, username: 'admin', password })
  const { access_token: token } = await post('/v1/auth/login/otp', { challenge, code: totp(secret, Date.now() - 30_000) })
  const headers = { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }
  return async (minutes) => {
    const tag = (await fetch(url + '/v1/settings', { headers })).headers.get('ETag')
    const set = await fetch(url + '/v1/settings', { method: 'PATCH', headers: { ...headers, 'If-Match': tag }, body: JSON.stringify({ idle_minutes: minutes }) })
    assert.equal(set.status, 200, await set.text())
  }
}

/** rest is as if the last deed in the browser were so many minutes ago. */
const rest = (page, minutes) => page.evaluate((m) => localStorage.setItem('usher.touched', String(Date.now() - m * 60_000)), minutes)

test('a page that nobody touched is covered, over a reload too, until whoever was there signs in again', async () => {
  await (await administer('center'))(10) // for the tests below too; the demonstration is this file's own
  await visit({ expected: [401] }, async (desk, context) => {
    await desk.goto(url)
    await rest(desk, 10) // before anybody was there
    await signIn(desk, 'center agent')
    await desk.locator('.conversation:not(.ghost)').first().click()
    const field = desk.locator('.composer textarea')
    await field.fill('half a sentence')
    const other = await context.newPage()
    await other.goto(url + '/desk')
    await other.locator('.conversation:not(.ghost)').first().waitFor()
    await rest(desk, 9)
    await field.press('End')
    await desk.keyboard.type(' and more') // somebody is there
    await rest(desk, 0)
    assert.equal(await desk.locator('.cover').count() + (await other.locator('.cover').count()), 0)
    await rest(desk, 10)
    await other.locator('.cover').waitFor()
    const cover = desk.getByRole('dialog', { name: '页面已锁定' })
    await cover.waitFor()
    await desk.keyboard.press('Escape')
    await desk.keyboard.press('Escape')
    const changed = []
    desk.on('request', (r) => r.method() !== 'GET' && r.url().includes('/v1/conversations') && changed.push(r.url()))
    const address = desk.url()
    await desk.keyboard.press('Alt+e')
    await desk.keyboard.press('Alt+j')
    await desk.evaluate(() => document.activeElement.blur())
    await desk.keyboard.press('Alt+e')
    await desk.keyboard.press('Alt+j')
    for (const { locale, theme } of looks.toReversed()) {
      await desk.locator('.cover select').nth(0).selectOption(locale)
      await desk.locator('.cover select').nth(1).selectOption(theme)
      await accessible(desk, `cover ${locale} ${theme}`)
      await shot(desk, `cover-${locale}-${theme}`)
    }
    await other.goto(url + '/h5')
    await other.getByRole('heading', { name: '页面已锁定' }).waitFor()
    assert.deepEqual([await other.locator('.tile, .row, .rows').count(), desk.url(), changed], [0, address, []])
    await accessible(other, 'locked')
    await shot(other, 'locked')
    await desk.reload()
    await cover.getByLabel('密码').fill('wrong')
    await desk.keyboard.press('Enter')
    await expectText(cover.locator('.refused'), /./)
    await cover.getByLabel('密码').fill(people['center agent'].password)
    await desk.keyboard.press('Enter')
    await desk.locator('.cover').waitFor({ state: 'detached' })
    await other.locator('.tile').first().waitFor()
    assert.equal(await field.inputValue(), 'half a sentence and more')
    await desk.keyboard.press('Alt+j')
    await desk.waitForURL((now) => now.href !== address)

    await rest(other, 10)
    await cover.waitFor()
    await other.getByLabel('密码').fill(people['center agent'].password)
    await other.keyboard.press('Enter')
    await other.locator('.tile').first().waitFor()
    await cover.waitFor({ state: 'detached' })
  })
})

/** told has a page note what it notifies of. */
function told() {
  window.told = []
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options)
      window.told.push(this)
    }
  }
}

test('while a page is covered nobody reads what is said; a notification names nobody, and leads to who wrote', async () => {
  await (await administer('it'))(10)
  const asked = /报销系统提交时报错/
  await visit({}, async (desk, context) => {
    await context.addInitScript(told)
    await context.grantPermissions(['notifications'])
    await signIn(desk, 'it agent')
    await desk.locator('.conversation:not(.ghost)').filter({ hasNotText: asked }).first().click()
    await desk.locator('.composer').waitFor()
    const before = desk.url()
    const status = desk.locator('.rail-end button').first()
    await status.click()
    await desk.getByRole('button', { name: '忙碌' }).click() // who is on duty is told
    await expectText(status, /忙碌/)
    await status.click()
    await desk.getByLabel('桌面通知').check()
    await rest(desk, 10)
    await desk.getByRole('dialog', { name: '页面已锁定' }).waitFor()
    await visit({ screen: 'phone' }, async (phone) => {
      await signIn(phone, 'it user', '/h5')
      await phone.getByRole('link', { name: asked }).tap()
      const reads = []
      desk.on('request', (r) => r.url().endsWith('/cursor') && reads.push(r.url()))
      await phone.getByLabel('输入消息').fill('只给您看')
      await phone.keyboard.press('Enter')
      await desk.waitForFunction(() => window.told.length > 0)
      assert.deepEqual(await desk.evaluate(() => window.told.map((n) => [n.title, n.body])), [['有新的动态，页面已锁定', '']])
      assert.doesNotMatch(await desk.title(), /只给您看|报销/)
      await desk.evaluate(() => window.told[0].onclick()) // as the system does when it is clicked
      await desk.waitForURL((now) => now.href !== before)
      assert.deepEqual(await desk.locator('.cover').boundingBox(), { x: 0, y: 0, width: 1440, height: 900 }) // over all of it
      await phone.locator('.said:not(.sending)', { hasText: '只给您看' }).waitFor()
      assert.deepEqual(reads, [])
      const read = desk.waitForResponse((r) => r.url().endsWith('/cursor') && r.ok())
      await desk.getByLabel('密码').fill(people['it agent'].password)
      await desk.keyboard.press('Enter')
      await expectText(desk.locator('.thread-head h1'), asked)
      await read
      await phone.reload()
      await expectText(phone.locator('.said', { hasText: '只给您看' }), /已读/)
      assert.equal(reads.length, 1)
    })
  })
})

test('a wall stands over the idle minutes, until somebody touches it or loads it anew', async () => {
  await visit({}, async (page) => {
    await signIn(page, 'center supervisor')
    await page.locator('.rail').waitFor()
    await page.goto(url + '/board#wall')
    const wall = page.locator('.wall')
    const cover = page.getByRole('dialog', { name: '页面已锁定' })
    await wall.locator('.tile').first().waitFor()
    await rest(page, 10)
    await page.waitForFunction(() => localStorage.getItem('usher.covered'))
    assert.deepEqual([await wall.isVisible(), await cover.count()], [true, 0])
    await page.keyboard.press('Escape')
    await cover.waitFor()
    assert.equal(await wall.count(), 0)
    await page.reload()
    await cover.waitFor()
    await page.getByLabel('密码').fill(people['center supervisor'].password)
    await page.keyboard.press('Enter')
    await wall.locator('.tile').first().waitFor()
  })
})
