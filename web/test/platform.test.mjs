import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, look, looks, shot, totp, visit } from './browser.mjs'
import { expectText } from './expect.mjs'
import { ask, password, serve } from './server.mjs'

/** comeIn signs an administrator in for the first time, who enrols a second factor on the way. */
async function comeIn(page, server, tenant, username) {
  await page.goto(`${server.url}/t/${tenant}`)
  await page.fill('[name=username]', username)
  await page.fill('[name=password]', password)
  await page.keyboard.press('Enter')
  const secret = await page.locator('.enrolment code').textContent()
  await page.getByLabel('验证码').fill(totp(secret))
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: '我已妥善保存' }).click()
  await page.locator('.rail').waitFor()
  return secret
}

/** enter goes into the tenant whose panel is open, and returns the banner that says so. */
async function enter(page) {
  await page.getByRole('button', { name: '进入', exact: true }).click()
  await page.getByLabel('原因').fill('工单 4711：队列配置')
  await accessible(page, 'entering')
  await page.getByRole('dialog').getByRole('button', { name: '进入' }).click()
  const banner = page.locator('.visiting')
  await expectText(banner, /您正在租户 星辰科技 中.*工单 4711/)
  return banner
}

/** cover has the idle lock come over a visit, and gives who is inside their place again. */
async function cover(page, secret) {
  await page.evaluate(() => localStorage.setItem('usher.touched', String(Date.now() - 10 * 60_000)))
  const asking = page.getByRole('dialog', { name: '页面已锁定' })
  await asking.getByLabel('密码').fill(password)
  const sent = page.waitForRequest((r) => r.url().endsWith('/v1/auth/login'))
  await page.keyboard.press('Enter')
  assert.equal((await sent).postDataJSON().tenant, 'platform') // the password is nobody else's
  await asking.getByLabel('验证码').fill(totp(secret, Date.now() + 30_000))
  await page.keyboard.press('Enter')
  await asking.waitFor({ state: 'detached' })
}

/** rename changes what the tenant is called whose panel is open, over what somebody else has made of it meanwhile. */
async function rename(page) {
  const panel = page.locator('.panel')
  await panel.getByRole('button', { name: '编辑' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('名称').fill('星辰')
  await accessible(page, 'a tenant that is edited')
  await shot(page, 'platform-edit')
  const path = '**/v1/platform/tenants/*'
  await page.route(path, (route) => {
    const headers = { ...route.request().headers(), 'if-match': '"9"' } // not the version that there is
    return route.request().method() === 'PATCH' ? route.continue({ headers }) : route.continue()
  })
  await dialog.getByRole('button', { name: '保存' }).click()
  await expectText(dialog.locator('.refused'), /期间有其他人修改了数据/)
  await page.unroute(path)
  await dialog.getByRole('button', { name: '保存' }).click()
  await expectText(panel.locator('h2'), /^星辰$/)
  await panel.getByRole('button', { name: '编辑' }).click()
  await dialog.getByLabel('名称').fill('星辰科技')
  await dialog.getByLabel('时区').selectOption('Asia/Urumqi')
  await dialog.getByRole('button', { name: '保存' }).click()
  await expectText(panel.locator('dl'), /Asia\/Urumqi/)
}

/** each has axe-core look at what is open, and leaves it in Chinese. */
async function each(page, what) {
  for (const l of looks.toReversed()) {
    await look(page, l)
    await page.reload()
    await page.locator('.panel dl').waitFor()
    await accessible(page, `${what} ${l.locale} ${l.theme}`)
    await shot(page, `${what}-${l.locale}-${l.theme}`)
  }
}

test('the platform makes a tenant, enters it on the record, and suspends it', () =>
  serve(
    (server) =>
      visit({ server, expected: [401, 403, 404, 412] }, async (page) => {
        const secret = await comeIn(page, server, 'platform', 'root')
        await page.goto(server.url + '/security')
        const idle = page.getByLabel('无操作多少分钟后锁定页面')
        await idle.fill('10')
        const kept = page.waitForResponse((r) => r.url().endsWith('/v1/settings') && r.request().method() === 'PATCH' && r.ok())
        await idle.press('Enter')
        await kept
        await page.goto(server.url + '/platform')
        await page.getByRole('button', { name: '新建租户' }).click()
        const making = page.getByRole('dialog')
        await making.getByLabel('标识').fill('acme')
        await making.getByLabel('名称').fill('星辰科技')
        await accessible(page, 'a new tenant')
        await shot(page, 'platform-create')
        await making.getByRole('button', { name: '创建' }).click()
        const link = await making.locator('.link-once code').textContent()
        await accessible(page, 'the first link')
        await shot(page, 'platform-link')
        await making.locator('.row-end button').click()
        await ask(server, '/v1/auth/links/redeem', { link, password }) // it is good
        await each(page, 'platform')
        await rename(page)

        const panel = page.url()
        await enter(page)
        await cover(page, secret)
        await page.goto(server.url + '/settings') // and what is in memory is gone
        await expectText(page.locator('.panel .hint'), /您已离开此租户/)
        assert.equal(page.url(), panel)
        await accessible(page, 'a visit that was left')
        await shot(page, 'visit-left')
        const banner = await enter(page)
        await page.getByRole('link', { name: '角色' }).click()
        await page.getByRole('link', { name: /坐席/ }).first().waitFor()
        await accessible(page, 'inside')
        await shot(page, 'platform-inside')
        await banner.getByRole('button', { name: '离开' }).click()
        await banner.waitFor({ state: 'detached' })
        await visit({ server }, async (admin) => {
          await comeIn(admin, server, 'acme', 'admin')
          await admin.goto(server.url + '/security')
          await expectText(admin.getByRole('region', { name: '平台人员的进入记录' }).locator('tbody'), /工单 4711.*仅查看/)
          await admin.locator('.empty').waitFor()
          await accessible(admin, 'visits and notices')
          await shot(admin, 'visits')
        })

        await page.locator('.panel dl').waitFor()
        await page.getByRole('button', { name: '暂停', exact: true }).click()
        await page.getByLabel('原因').fill('合同到期')
        await page.getByRole('dialog').getByRole('button', { name: '暂停' }).click()
        await expectText(page.locator('.panel .chip'), /已暂停/)
        const refused = await fetch(server.url + '/v1/auth/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ tenant: 'acme', username: 'admin', password }) })
        assert.equal(refused.status, 401)
        await page.getByRole('combobox', { name: '状态' }).selectOption('active')
        await page.locator('.listing .empty').waitFor()
        await page.getByRole('combobox', { name: '状态' }).selectOption('suspended')
        await page.getByRole('button', { name: 'acme' }).waitFor()
        await page.getByRole('button', { name: '恢复' }).click()
        await page.getByLabel('原因').fill('已续约')
        await page.getByRole('dialog').getByRole('button', { name: '恢复' }).click()
        await expectText(page.locator('.panel .chip'), /使用中/)
      }),
    'root',
  ))
