import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, look, looks, people, shot, signIn, totp, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

const who = 'center qa_manager'
const chosen = 'a quite different sentence 94'

/** signInAgain is what the server says to a password alone. */
async function signInAgain(password) {
  const body = JSON.stringify({ tenant: 'center', username: 'qa_manager', password })
  const answer = await fetch(url + '/v1/auth/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
  return answer.json()
}

const press = (page, name) => page.getByRole('button', { name, exact: true }).click()

test('somebody changes their own profile, password and second factor, and ends a session elsewhere', () =>
  visit({ expected: [401, 422] }, async (page) => {
    await visit({ expected: [401] }, async (elsewhere) => {
      await signIn(elsewhere, who)
      await elsewhere.locator('.rail').waitFor()
      await signIn(page, who)
      await page.locator('.rail-end button').last().click()
      await page.getByRole('link', { name: '个人设置' }).click()
      await expectText(page.locator('h1'), /个人设置/)
      const sessions = page.getByRole('region', { name: '登录会话' }).last()
      await expectText(sessions, /当前.*结束/)
      await sessions.getByRole('button', { name: /结束来自/ }).first().click()
      await expectText(page.locator('.ant-message'), /登录会话已结束/)
      await elsewhere.reload()
      await elsewhere.locator('[name=password]').waitFor()
    })

    await page.getByLabel('姓名').fill('质检主管')
    await page.getByLabel('手机').fill('+86 138 0000 0000')
    await press(page, '保存')
    await expectText(page.locator('.rail-end'), /质检主管/)

    await press(page, '启用两步验证')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('当前密码').fill(people[who].password)
    await page.keyboard.press('Enter')
    const secret = (await dialog.locator('.enrolment code').textContent()).replace(/[\s-]/g, '')
    await accessible(page, 'enrolment')
    await shot(page, 'me-enrolment')
    await dialog.getByLabel('验证码').fill(totp(secret))
    await page.keyboard.press('Enter')
    await expectText(page.locator('.codes'), /\w{4}/)
    await press(page, '我已妥善保存')
    await expectText(page.getByRole('region', { name: '两步验证' }), /已启用.*10 个恢复代码/)
    await press(page, '重新生成恢复代码')
    await page.locator('.codes').waitFor()
    await press(page, '我已妥善保存')

    await page.getByLabel('当前密码').fill('not the password')
    await page.getByLabel('新密码').fill(chosen)
    await page.getByLabel('再次输入密码').fill(chosen)
    await press(page, '更改密码')
    await page.locator('.card .refused').waitFor()
    await page.getByLabel('当前密码').fill(people[who].password)
    await press(page, '更改密码')
    await expectText(page.locator('.ant-message'), /密码已更改/)
    assert.equal((await signInAgain(people[who].password)).code, 'bad_credentials')
    assert.equal((await signInAgain(chosen)).code, 'mfa_required')

    await press(page, '停用两步验证')
    await dialog.getByRole('button', { name: '停用两步验证' }).click()
    await expectText(page.getByRole('region', { name: '两步验证' }), /未启用/)
    assert.notEqual((await signInAgain(chosen)).access_token, undefined)
    for (const l of looks) {
      await look(page, l)
      await page.goto(url + '/me')
      await page.locator('.listing tbody tr:not(.ghost)').nth(1).waitFor()
      await accessible(page, `me ${l.locale} ${l.theme}`)
      await shot(page, `me-${l.locale}-${l.theme}`)
    }
  }))
