import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

/** listen has a page note what it plays and what it notifies of. */
function listen() {
  window.told = []
  const { createOscillator } = AudioContext.prototype
  AudioContext.prototype.createOscillator = function () {
    window.told.push('tone')
    return createOscillator.call(this)
  }
  const Real = window.Notification
  window.Notification = class extends Real {
    constructor(title, options) {
      super(title, options)
      window.told.push(title)
    }
  }
}

const asked = /报销系统提交时报错/

test('an agent is told by a sound, and by the browser once asked to, of what they do not look at or are given, and nothing else', () =>
  visit({}, async (desk, context) => {
    await context.addInitScript(listen)
    await context.grantPermissions(['notifications'])
    await desk.clock.install()
    const told = () => desk.evaluate(() => window.told.splice(0))
    await signIn(desk, 'it agent')
    const row = desk.getByRole('button', { name: asked })
    await row.click()
    await desk.locator('.rail-end button').first().click()
    await desk.getByRole('button', { name: '在线' }).click()
    await visit({ screen: 'phone' }, async (phone) => {
      await signIn(phone, 'it user', '/h5')
      await phone.getByRole('link', { name: asked }).tap()
      const say = async (text) => {
        await phone.getByLabel('输入消息').fill(text)
        await phone.keyboard.press('Enter')
        await expectText(desk.locator('.conversation', { hasText: asked }).locator('.last'), new RegExp(text))
      }
      await say('您在看')
      assert.deepEqual(await told(), [])

      await desk.locator('.conversation:not(.ghost):not(.current)').first().click()
      await say('您没在看')
      assert.deepEqual(await told(), ['tone', 'tone'])
      await say('紧接着一句')
      assert.deepEqual(await told(), []) // the burst is known
      await expectText(desk.locator('.conversation', { hasText: asked }).locator('.badge'), /2/)
      assert.match(await desk.title(), /^\(\d+\)/)

      await row.click()
      await desk.locator('.conversation', { hasText: asked }).locator('.badge').waitFor({ state: 'detached' })
      await desk.locator('.conversation:not(.ghost):not(.current)').first().click()
      await desk.locator('.rail-end button').first().click()
      await desk.getByLabel('提示音').uncheck()
      await desk.getByLabel('桌面通知').check()
      await accessible(desk, 'what one wants to be told')
      await shot(desk, 'wishes')
      await desk.keyboard.press('Escape')
      await desk.clock.fastForward(6000) // the quiet after an alert
      await say('换一种方式')
      const [title, ...more] = await told()
      assert.match(title, /发来新消息/)
      assert.deepEqual(more, [])

      await desk.locator('.rail-end button').first().click()
      await desk.getByLabel('提示音').check()
      await desk.keyboard.press('Escape')
      await desk.clock.fastForward(6000)
      await phone.goto(url + '/h5#/ask/computer')
      await phone.getByLabel('描述问题').fill('鼠标滚轮失灵了')
      await phone.getByRole('button', { name: '提交' }).tap()
      await desk.locator('.conversation', { hasText: '鼠标滚轮失灵了' }).waitFor()
      assert.deepEqual(await told(), ['tone', 'tone', '普通员工 Employee 的会话已分配给您'])
    })
  }))
