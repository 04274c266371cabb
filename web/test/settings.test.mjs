import { test } from 'node:test'
import { accessible, look, looks, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('an admin changes how the desk works and who needs a second factor', () =>
  visit({}, async (page) => {
    await signIn(page, 'center admin')
    await page.getByRole('link', { name: '设置' }).click()
    const times = page.getByRole('region', { name: '会话时限' })
    await times.getByLabel('无人首次响应，退回队列', { exact: true }).fill('7')
    await times.getByRole('button', { name: '保存' }).click()
    await expectText(page.locator('.ant-message'), /设置已保存/)
    await page.reload()
    const first = page.getByRole('region', { name: '会话时限' }).getByLabel('无人首次响应，退回队列', { exact: true })
    await first.waitFor()
    if ((await first.inputValue()) !== '7') throw new Error('it was not kept')

    await page.getByRole('link', { name: '登录与安全' }).click()
    await expectText(page.getByRole('region', { name: '两步验证' }), /以下角色始终要求两步验证.*管理员/)
    await page.getByLabel(/所有人登录都需要两步验证/).check()
    const factor = page.getByRole('region', { name: '两步验证' })
    await factor.getByRole('button', { name: '保存' }).click()
    await expectText(page.locator('.ant-message'), /设置已保存/)
    await visit({}, async (other) => {
      await signIn(other, 'center senior_agent')
      await other.locator('.enrolment img').waitFor()
    })
    await page.getByLabel(/所有人登录都需要两步验证/).uncheck()
    await factor.getByRole('button', { name: '保存' }).click()
    await factor.getByRole('button', { name: '保存' }).and(page.locator(':disabled')).waitFor()
    for (const l of looks) {
      await look(page, l)
      for (const at of ['settings', 'security']) {
        await page.goto(`${url}/${at}`)
        await page.locator('.card form').first().waitFor()
        await accessible(page, `${at} ${l.locale} ${l.theme}`)
        await shot(page, `${at}-${l.locale}-${l.theme}`)
      }
    }
  }))
