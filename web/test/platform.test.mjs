import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, shot, totp, visit } from './browser.mjs'
import { expectText } from './expect.mjs'
import { ask, password, serve } from './server.mjs'

const looks = [['en', 'dark'], ['en', 'light'], ['zh-CN', 'dark'], ['zh-CN', 'light']]

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
}

/** each has axe-core look at what is open in both languages and themes, as the popover under the own name changes them. */
async function each(page, what) {
  for (const [locale, theme] of looks) {
    await page.evaluate(([l, t]) => (localStorage.setItem('usher.language', l), localStorage.setItem('usher.theme', t)), [locale, theme])
    await page.reload()
    await page.locator('.panel dl').waitFor()
    await accessible(page, `${what} ${locale} ${theme}`)
    await shot(page, `${what}-${locale}-${theme}`)
  }
}

test('the platform makes a tenant, enters it on the record, and suspends it', () =>
  serve(
    (server) =>
      visit({ server, expected: [401, 403, 404] }, async (page) => {
        await comeIn(page, server, 'platform', 'root')
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
        await making.locator('.ant-modal-footer button').click()
        await ask(server, '/v1/auth/links/redeem', { link, password }) // it is good
        await each(page, 'platform')

        await page.getByRole('button', { name: '进入', exact: true }).click()
        await page.getByLabel('原因').fill('工单 4711：队列配置')
        await accessible(page, 'entering')
        await page.getByRole('dialog').getByRole('button', { name: '进入' }).click()
        const banner = page.locator('.visiting')
        await expectText(banner, /您正在租户 星辰科技 中.*工单 4711/)
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
