import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

const looks = ['zh-CN', 'en'].flatMap((locale) => ['light', 'dark'].map((theme) => ({ locale, theme })))

/** look has the next page that is loaded speak a language, and be light or dark. */
const look = (page, { locale, theme }) => page.evaluate(([l, t]) => (localStorage.setItem('usher.language', l), localStorage.setItem('usher.theme', t)), [locale, theme])

/** pick chooses something by name where the server is searched. */
async function pick(page, label, text, name) {
  await page.getByRole('combobox', { name: label }).fill(text)
  await page.locator('.ant-select-item-option', { hasText: name }).first().click()
}

test('why somebody may not, who may, and what they may instead', () =>
  visit({}, async (page) => {
    await signIn(page, 'it admin')
    await page.getByRole('link', { name: '角色' }).click()
    await page.getByRole('link', { name: '权限查询' }).click()
    await pick(page, '用户', 'agent2', /agent2/)
    await page.getByRole('combobox', { name: '操作', exact: true }).selectOption('transfer')
    await page.getByRole('button', { name: '查询', exact: true }).click()
    await expectText(page.locator('.verdict'), /不允许.*数据范围不包括这个对象.*conversation:transfer:unassigned/)
    await shot(page, 'access-may')
    await page.getByRole('link', { name: '看看谁可以' }).click()
    await page.locator('.listing tbody tr:not(.ghost)').first().waitFor()
    await expectText(page.locator('.listing'), /超级管理员/)
    await shot(page, 'access-who')
    await page.goBack()
    await page.getByRole('link', { name: '看看此人能做什么' }).click()
    await expectText(page.locator('.listing'), /conversation:transfer:own/)
    await expectText(page.locator('.listing'), /IT 坐席/)
    await shot(page, 'access-what')
    await page.getByText('能看哪些', { exact: true }).click()
    await page.getByRole('button', { name: '查询', exact: true }).click()
    await expectText(page.locator('.verdict'), /此人是受理坐席.*等待受理/)
    await page.getByRole('combobox', { name: '资源', exact: true }).selectOption('resume')
    await expectText(page.locator('.access-form .hint'), /外部系统/)
    for (const l of looks) {
      await look(page, l)
      await page.goto(url + '/access?ask=may&resource=conversation&action=read')
      await page.locator('.verdict').waitFor()
      await accessible(page, `access ${l.locale} ${l.theme}`)
      await shot(page, `access-${l.locale}-${l.theme}`)
    }
  }))
