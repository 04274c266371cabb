import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, looks, people, shot, signIn, totp, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'
import { ask, found, serve } from './server.mjs'

const subject = /报销系统提交时报错/

/** meet has an employee ask on a phone and an agent take it at the desk. */
function meet(server, expected, f) {
  return visit({ server, expected }, async (desk) => {
    await signIn(desk, 'acme agent', '', server)
    await desk.getByRole('button', { name: '上线' }).click()
    await visit({ server, expected, screen: 'phone' }, async (phone) => {
      await signIn(phone, 'acme employee', '/h5', server)
      await phone.locator('.tile').first().tap()
      await phone.getByLabel('描述问题').fill('报销系统打不开。')
      await phone.getByRole('button', { name: '提交' }).tap()
      await phone.getByLabel('输入消息').waitFor()
      await desk.getByRole('tab', { name: /排队/ }).click()
      await desk.getByRole('button', { name: /报销系统打不开/ }).click()
      await desk.getByRole('button', { name: '领取' }).click()
      await desk.getByRole('textbox', { name: '回复' }).waitFor()
      await f(phone, desk)
    })
  })
}

/** arrived are those messages with a text that a page shows as being with the server. */
const arrived = (page, text) => page.locator('.said:not(.sending):not(.failed)', { hasText: text })

/** noPill waits until a page no longer says that the line is lost. */
const noPill = (page) => page.locator('.pill').waitFor({ state: 'detached' })

test('the server is killed while both write: nothing typed is lost, and each message is stored once', () =>
  serve(async (server) => {
    await found(server)
    await meet(server, ['gone'], async (phone, desk) => {
      // The server has this one, and dies before it could say so; the next one it never hears.
      let killed
      const dead = new Promise((resolve) => (killed = resolve))
      await phone.route('**/messages', async (route) => (await route.fetch(), killed(await server.kill()), await route.abort('connectionreset')), { times: 1 })
      for (const text of ['换了浏览器也一样。', '一直在转圈。']) {
        await phone.getByLabel('输入消息').fill(text)
        await phone.keyboard.press('Enter')
        await dead
      }
      await expectText(phone.locator('.said.failed', { hasText: '一直在转圈' }), /未发送/)
      const field = desk.getByRole('textbox', { name: '回复' })
      await field.fill('请先清除缓存。')
      await desk.keyboard.press('Enter')
      await expectText(desk.locator('.said.failed'), /请先清除缓存/)
      await field.fill('然后')
      for (const page of [phone, desk]) await expectText(page.locator('.pill'), /网络已断开/)
      await shot(desk, 'server-away')
      await server.again()
      await field.press('End')
      await desk.keyboard.type('重新登录试试。')
      const texts = ['换了浏览器也一样', '一直在转圈', '请先清除缓存']
      for (const page of [phone, desk]) {
        for (const text of texts) await arrived(page, text).waitFor()
        await noPill(page)
      }
      assert.equal(await field.inputValue(), '然后重新登录试试。')
      await desk.reload()
      await arrived(desk, '请先清除缓存').waitFor()
      assert.equal(await field.inputValue(), '然后重新登录试试。')
      for (const page of [phone, desk]) for (const text of texts) assert.equal(await page.getByText(text).count(), 1, text)
      await desk.keyboard.press('Alt+l')
      await desk.keyboard.press('Enter')
      await arrived(phone, '然后重新登录试试').waitFor()
    })
  }))

test('a page that slept longer than its token lives goes on where it was', () =>
  visit({ expected: ['offline'] }, async (desk, context) => {
    await desk.clock.install()
    await signIn(desk, 'it agent')
    await desk.getByRole('button', { name: subject }).click()
    await desk.locator('.composer textarea').fill('half a sentence')
    await context.setOffline(true)
    await desk.clock.fastForward('03:00:00')
    await expectText(desk.locator('.pill'), /网络已断开/)
    await visit({ screen: 'phone' }, async (phone) => {
      await signIn(phone, 'it user', '/h5')
      await phone.getByRole('link', { name: subject }).tap()
      await phone.getByLabel('输入消息').fill('还在吗？')
      await phone.keyboard.press('Enter')
      await arrived(phone, '还在吗').waitFor()
    })
    let renewals = 0
    desk.on('request', (r) => r.url().endsWith('/v1/auth/refresh') && renewals++)
    await context.setOffline(false)
    await desk.clock.runFor(20_000) // the longest wait between two tries
    await arrived(desk, '还在吗').waitFor()
    await desk.clock.runFor(5000)
    await noPill(desk)
    assert.equal(await desk.locator('.composer textarea').inputValue(), 'half a sentence')
    assert.equal(renewals, 1)
  }))

test('where no WebSocket gets through, the phone polls and misses nothing', () =>
  visit({ screen: 'phone' }, async (phone, context) => {
    // What is seen of a proxy that knows no upgrades.
    await context.addInitScript(() => {
      window.WebSocket = class {
        static OPEN = 1
        readyState = 3
        constructor() {
          setTimeout(() => this.onclose?.(), 5)
        }
        close() {}
      }
    })
    await signIn(phone, 'it user', '/h5')
    await phone.getByRole('link', { name: subject }).tap()
    await phone.locator('.said').first().waitFor()
    await visit({}, async (desk) => {
      await signIn(desk, 'it agent')
      await desk.getByRole('button', { name: subject }).click()
      for (const text of ['第一步', '第二步']) {
        await desk.getByRole('textbox', { name: '回复' }).fill(text)
        await desk.keyboard.press('Enter')
        await arrived(phone, text).waitFor()
      }
      await phone.getByLabel('输入消息').fill('收到。')
      await phone.keyboard.press('Enter')
      await arrived(desk, '收到').waitFor()
      await noPill(phone)
    })
  }))

for (const [where, one, other] of [['', 'center agent', 'center supervisor'], ['/h5', 'it user', 'center requester']]) {
  test(`a tab of ${one} says so when ${other} signs in beside it`, () =>
    visit({}, async (first, context) => {
      const second = await context.newPage()
      await second.goto(`${url}${where}/t/${other.split(' ')[0]}`)
      await second.locator('[name=password]').waitFor()
      await signIn(first, one, where)
      await first.locator('.conversation:not(.ghost), .tile').first().waitFor()
      await second.fill('[name=username]', other.split(' ')[1])
      await second.fill('[name=password]', people[other].password)
      await second.keyboard.press('Enter')
      await expectText(first.locator('.notice'), /此浏览器现在由 .+ 登录/)
      await accessible(first, 'another user')
      await shot(first, 'newcomer-' + one.replace(' ', '-'))
      await first.getByRole('button', { name: '知道了' }).click()
      await first.reload()
      await first.locator('.conversation:not(.ghost), .tile, .empty').first().waitFor()
      assert.equal(await first.locator('.notice').count(), 0)
    }))
}

test('the first administrator sets up the desk in a browser, and a link lets the next one choose a password', () =>
  serve((server) =>
    visit({ server, expected: [422] }, async (page) => {
      await page.goto(server.link)
      await page.getByLabel('租户标识').fill('acme')
      assert.equal(new URL(page.url()).hash, '') // the secret has left the address
      await page.getByLabel('密码').fill('password')
      await page.keyboard.press('Enter')
      await expectText(page.locator('.refused'), /个字符|容易猜到/)
      await each(page, 'set-up')
      await page.getByLabel('密码').fill('seven purple lamps on the roof')
      await page.keyboard.press('Enter')
      const secret = await page.locator('.enrolment code').textContent()
      await each(page, 'enrolment')
      await shot(page, 'enrolment')
      await page.getByLabel('验证码').fill(totp(secret))
      const issued = page.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp') && r.ok())
      await page.keyboard.press('Enter')
      const { access_token: token } = await (await issued).json()
      assert.equal(await page.locator('.codes li').count(), 10)
      await each(page, 'recovery codes')
      await page.getByRole('button', { name: '我已妥善保存' }).click()
      await page.locator('.rail').waitFor()

      const { id } = await ask(server, '/v1/users', { username: 'next', name: '下一位', roles: ['agent'] }, token)
      const { link } = await ask(server, `/v1/users/${id}/password-link`, undefined, token)
      await visit({ server }, async (next) => {
        await next.goto(link)
        await next.getByLabel('密码', { exact: true }).fill('eight green chairs by the door')
        await next.getByLabel('再次输入密码').fill('eight green chairs by the door')
        await each(next, 'link')
        await next.keyboard.press('Enter')
        await next.getByRole('link', { name: '登录' }).click()
        await next.fill('[name=username]', 'next')
        await next.fill('[name=password]', 'eight green chairs by the door')
        await next.keyboard.press('Enter')
        await next.locator('.bench').waitFor()
      })
    }),
  ))

/** each has axe-core look at what is open, and leaves it in Chinese. */
async function each(page, what) {
  for (const { locale, theme } of looks.toReversed()) {
    await page.getByRole('combobox').nth(0).selectOption(locale)
    await page.getByRole('combobox').nth(1).selectOption(theme)
    await accessible(page, `${what} ${locale} ${theme}`)
  }
}
