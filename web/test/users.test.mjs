import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asAdmin } from './admin.mjs'
import { accessible, people, shot, totp, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

/** come is what the server says to a name and a password. */
async function come(username, password) {
  const body = JSON.stringify({ tenant: 'center', username, password })
  return (await fetch(url + '/v1/auth/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json()
}

test('an admin gives somebody a list of their own and takes it back, resets a lost second factor, and deletes who is gone', () =>
  visit({}, async (page) => {
    const ask = await asAdmin(page, 'center admin')
    await page.locator('.rail').waitFor()
    const open = async (username) => {
      const { items } = await ask('GET', '/v1/users?q=' + username)
      const { id } = items.find((u) => u.username === username)
      await page.goto(`${url}/users/${id}`)
      await page.locator('.panel .deeds').waitFor()
      return id
    }
    await list(page, await open('supervisor'), ask)
    await open('ops_manager')
    await factor(page)
    await ask('POST', '/v1/users', { username: 'leaver', name: '离职的人', roles: ['agent'] })
    await remove(page, await open('leaver'), ask)
  }))

const press = (page, name) => page.getByRole('button', { name, exact: true }).click()

/** list has a list decide what somebody may do, and then their roles again. */
async function list(page, id, ask) {
  const panel = page.locator('.panel')
  const now = async () => (await ask('GET', '/v1/users/' + id)).permissions
  const before = await now()
  assert.ok(before.length > 2)
  await panel.locator('.ant-segmented-item', { hasText: '角色' }).click()
  await press(panel, '更改角色')
  await panel.getByLabel('单独的权限清单（代替角色）').check()
  assert.equal(await panel.getByRole('textbox', { name: '单独的权限清单' }).inputValue(), before.join('\n'))
  await panel.getByRole('textbox', { name: '单独的权限清单' }).fill('conversation:read:own\nconversation:reply:own')
  await press(panel, '查看影响')
  await expectText(page.locator('.impact'), /失去/)
  await accessible(page, 'a list of permissions')
  await shot(page, 'users-list')
  await press(page, '确认更改')
  await expectText(panel, /以下清单代替角色.*conversation:read:own.*主管/s)
  assert.deepEqual(await now(), ['conversation:read:own', 'conversation:reply:own'])
  await panel.locator('.ant-segmented-item', { hasText: '权限' }).click()
  await expectText(panel.locator('.effective'), /conversation:reply:own.*单独的权限清单/)

  await panel.locator('.ant-segmented-item', { hasText: '角色' }).click()
  await press(panel, '更改角色')
  await panel.getByLabel('跟随角色').check()
  await press(panel, '查看影响')
  await expectText(page.locator('.impact'), /获得/)
  await press(page, '确认更改')
  await panel.getByRole('button', { name: '更改角色' }).waitFor() // the form is gone, and what it said is so
  await panel.getByText('以下清单代替角色').waitFor({ state: 'detached' })
  assert.deepEqual(await now(), before)
}

/** factor takes the second factor from somebody who works: they are out, and choose another one when they come back. */
async function factor(page) {
  const { password, secret } = people['center ops_manager']
  const { challenge } = await come('ops_manager', password)
  const body = JSON.stringify({ challenge, code: totp(secret) })
  const { access_token: token } = await (await fetch(url + '/v1/auth/login/otp', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json()
  const me = async () => (await fetch(url + '/v1/me', { headers: { Authorization: 'Bearer ' + token } })).status
  assert.equal(await me(), 200)
  await press(page, '重置两步验证')
  await press(page.getByRole('dialog'), '重置两步验证')
  await expectText(page.locator('.panel dl'), /两步验证未设置，下次登录时须设置/)
  assert.equal(await page.getByRole('button', { name: '重置两步验证' }).count(), 0)
  assert.equal(await me(), 401)
  assert.equal((await come('ops_manager', password)).code, 'mfa_enrolment_required')
}

/** remove deletes somebody, who is disabled before. */
async function remove(page, id, ask) {
  const dialog = page.getByRole('dialog')
  await press(page.locator('.panel'), '禁用')
  await press(dialog, '禁用')
  await press(page.locator('.panel'), '删除')
  await expectText(dialog, /删除后无法恢复/)
  await press(dialog, '删除')
  await page.locator('.panel').waitFor({ state: 'detached' })
  await page.locator('.listing tbody tr:not(.ghost)').first().waitFor()
  assert.equal(await page.locator('.listing tbody tr', { hasText: 'leaver' }).count(), 0)
  assert.equal((await ask('GET', '/v1/users/' + id)).status, 404)
}
