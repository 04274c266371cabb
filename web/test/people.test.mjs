import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, choose, look, looks, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

const password = 'seven calm rivers in autumn'

/** ask speaks to the server by itself, as whoever the token is of. */
async function ask(token, method, path, body, versioned = false) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: 'Bearer ' + token } : {}) }
  if (versioned) headers['If-Match'] = `"${(await ask(token, 'GET', path)).body.version}"`
  const answer = await fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  return { status: answer.status, body: await answer.json().catch(() => undefined) }
}

const come = (username) => ask('', 'POST', '/v1/auth/login', { tenant: 'it', username, password })

test('an admin invites somebody, gives them a role that ends, sees what they may do and why, disables them, and they are out', () =>
  visit({ expected: [412] }, async (admin) => {
    const issued = admin.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp') && r.ok())
    await signIn(admin, 'it admin')
    const { access_token: token } = await (await issued).json()
    await admin.getByRole('link', { name: '人员' }).click()
    await admin.getByRole('button', { name: '邀请用户' }).click()
    const dialog = admin.getByRole('dialog')
    await dialog.getByLabel('用户名').fill('newcomer')
    await dialog.getByLabel('姓名').fill('新同事')
    await choose(admin, dialog.getByRole('combobox', { name: '部门' }), 'Network')
    await admin.keyboard.press('Escape') // the list of which more could be chosen
    await dialog.getByRole('button', { name: '创建并生成链接' }).click()
    const link = await dialog.getByLabel('设置密码链接').inputValue()
    await shot(admin, 'people-link')
    await dialog.getByRole('button', { name: '关闭', exact: true }).last().click()
    const panel = admin.getByRole('complementary', { name: '用户' })
    await expectText(panel.locator('h2'), /新同事/)
    assert.match(new URL(admin.url()).pathname, /^\/users\/[0-9a-f-]+$/)

    await visit({}, async (newcomer) => {
      await newcomer.goto(link)
      await newcomer.locator('[type=password]').nth(0).fill(password)
      await newcomer.locator('[type=password]').nth(1).fill(password)
      await newcomer.keyboard.press('Enter')
      await newcomer.getByRole('link', { name: '登录' }).waitFor()
    })
    const { body: session } = await come('newcomer')
    await atOnce(admin, panel, token)

    await part(panel, '角色')
    await panel.getByRole('button', { name: '更改角色' }).click()
    await choose(admin, panel.getByRole('combobox', { name: '添加角色' }), 'IT 坐席')
    await panel.getByLabel('到期时间').last().fill('2099-01-01T09:00')
    await panel.getByRole('button', { name: '查看影响' }).click()
    await expectText(admin.locator('.impact-count'), /1 人的权限会改变/)
    await expectText(admin.locator('.impact'), /获得“[^”]*领取[^”]*”/)
    await shot(admin, 'people-impact')
    await admin.getByRole('button', { name: '确认更改' }).click()
    await expectText(panel.locator('.assignments'), /IT 坐席.*至 2099/)
    assert.ok((await ask(session.access_token, 'GET', '/v1/me')).body.permissions.includes('conversation:take:unassigned'))

    await part(panel, '权限')
    const take = panel.getByRole('row', { name: /conversation:take:unassigned/ })
    await expectText(take, /会话 · 领取.*未分配.*IT 坐席至 2099/)
    await expectText(panel.getByRole('row', { name: /knowledge:read:all/ }), /规划中/)
    await shot(admin, 'people-access')

    await part(panel, '登录')
    await expectText(panel.getByRole('list', { name: '登录记录' }), /成功/)
    await panel.getByRole('button', { name: /^结束 / }).click()
    await expectText(panel, /没有进行中的登录会话/)
    assert.equal((await ask(session.access_token, 'GET', '/v1/me')).status, 401)
    const { body: again } = await come('newcomer')
    await part(panel, '资料')
    await panel.getByRole('button', { name: '禁用' }).click()
    await expectText(admin.locator('.impact'), /失去/)
    await admin.getByRole('dialog').getByRole('button', { name: '禁用' }).click()
    await expectText(panel.locator('dl'), /已禁用/)
    assert.equal((await ask(again.access_token, 'GET', '/v1/me')).status, 401)
    assert.equal((await come('newcomer')).status, 401)
    await expectText(admin.locator('.listing tr.on'), /已禁用/) // the list knows as well, without being read again
    await admin.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
  }))

/** atOnce has two people change somebody: the one who comes second changes what they meant to, and nothing else. */
async function atOnce(admin, panel, token) {
  const user = '/v1/users/' + new URL(admin.url()).pathname.split('/').pop()
  await panel.getByRole('button', { name: '编辑' }).click()
  const dialog = admin.getByRole('dialog')
  await dialog.getByLabel('电话').fill('13800000000')
  assert.equal((await ask(token, 'PATCH', user, { email: 'newcomer@example.com' }, true)).status, 200)
  await dialog.getByRole('button', { name: '保存' }).click()
  await expectText(dialog.locator('.refused'), /期间有其他人修改了数据/)
  assert.equal(await dialog.getByLabel('邮箱').inputValue(), 'newcomer@example.com')
  const sent = admin.waitForRequest((r) => r.method() === 'PATCH')
  await dialog.getByRole('button', { name: '保存' }).click()
  assert.deepEqual((await sent).postDataJSON(), { phone: '13800000000' })
  await dialog.waitFor({ state: 'detached' })
  const { email, phone } = (await ask(token, 'GET', user)).body
  assert.deepEqual({ email, phone }, { email: 'newcomer@example.com', phone: '13800000000' })
}

/** part opens a part of the panel. */
async function part(panel, name) {
  await panel.locator('.ant-segmented-item', { hasText: name }).click()
}

test('roles are given to many at once, once it was seen what that does; departments are made, moved and found', () =>
  visit({ locale: 'en', expected: [409] }, async (admin) => {
    const issued = admin.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp') && r.ok())
    await signIn(admin, 'shop admin')
    const { access_token: token } = await (await issued).json()
    await admin.getByRole('link', { name: 'People' }).click()
    await admin.getByRole('searchbox', { name: 'Name or username' }).or(admin.getByLabel('Name or username')).first().fill('e')
    for (const name of ['Employee', 'Manager']) await admin.getByLabel(new RegExp(`^Choose .*${name}`)).first().check()
    await expectText(admin.locator('.many'), /2 chosen/)
    await admin.getByRole('button', { name: 'Change roles' }).click()
    await choose(admin, admin.getByRole('combobox', { name: 'Add a role' }), 'Manager')
    await admin.getByRole('button', { name: 'See the impact' }).click()
    await expectText(admin.locator('.impact .refused'), /more roles than the tenant allows/) // nothing is done by half
    await admin.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await choose(admin, admin.getByRole('combobox', { name: 'Take' }), 'Employee')
    await admin.keyboard.press('Escape')
    await shot(admin, 'people-many')
    await admin.getByRole('button', { name: 'See the impact' }).click()
    await expectText(admin.locator('.impact-count'), /changes what 1 may do/)
    await admin.getByRole('button', { name: 'Make the change' }).click()
    await admin.locator('.many').waitFor({ state: 'detached' })
    const { body: managers } = await ask(token, 'GET', '/v1/users?role=manager')
    assert.deepEqual(managers.items.map((u) => u.username).sort(), ['employee', 'manager'])

    await admin.getByRole('link', { name: 'Departments' }).click()
    await admin.getByRole('button', { name: 'What is below Support' }).click()
    await admin.getByRole('button', { name: /^Network/ }).click()
    const panel = admin.getByRole('complementary', { name: 'Department' })
    await panel.getByRole('button', { name: 'Create one below' }).click()
    await admin.getByRole('dialog').getByLabel('Name').fill('Wireless')
    await admin.getByRole('button', { name: 'Save' }).click()
    await expectText(panel.locator('h2'), /Wireless/)
    await expectText(panel.locator('dl'), /Support 支持 \/ Network 网络/)
    await panel.getByRole('button', { name: 'Rename or move' }).click()
    await choose(admin, admin.getByRole('dialog').getByRole('combobox'), 'Finance')
    await admin.getByRole('dialog').getByRole('button', { name: 'See the impact' }).click()
    await expectText(admin.locator('.impact-count'), /Nobody may do anything else/)
    await admin.getByRole('button', { name: 'Make the change' }).click()
    await expectText(panel.locator('dl'), /Above itFinance 财务/)
    await shot(admin, 'departments')
    await admin.getByLabel('Name of a department').fill('wireless')
    await expectText(admin.getByRole('row', { name: /Wireless/ }), /Finance/)
    await panel.getByRole('button', { name: 'Delete' }).click()
    await admin.locator('.impact-count').waitFor()
    await admin.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await panel.waitFor({ state: 'detached' })
    assert.equal((await ask(token, 'GET', '/v1/departments?q=wireless')).body.items.length, 0)
  }))

test('who may see cards only sees cards; axe-core finds nothing serious on users and departments', () =>
  visit({}, async (lead) => {
    await signIn(lead, 'it team_lead')
    await lead.getByRole('link', { name: '人员' }).click()
    await expectText(lead.locator('.listing tbody'), /仅名片/)
    assert.equal(await lead.getByRole('button', { name: '邀请用户' }).count(), 0)
    await visit({}, async (page) => {
      await signIn(page, 'center admin')
      await page.locator('.rail').waitFor()
      for (const l of looks) await looked(page, l)
    })
  }))

/** looked reads the pages with what can be open on them, and each part of the panel. */
async function looked(page, l) {
  const what = `${l.locale}-${l.theme}`
  await look(page, l)
  await page.goto(url + '/users')
  await page.locator('.listing tbody tr', { hasText: 'senior_agent' }).getByRole('button').click()
  for (const i of [0, 1, 2, 3]) {
    await page.locator('.panel .ant-segmented-item').nth(i).click()
    await page.locator('.panel:not(:has([aria-busy=true]))').waitFor()
    await accessible(page, `user, part ${i}, ${what}`)
    await shot(page, `users-${i}-${what}`)
  }
  await page.locator('.page-head button').click()
  await page.locator('.ant-modal .pick').first().waitFor()
  await accessible(page, `inviting ${what}`)
  await page.goto(url + '/departments')
  await page.getByRole('button', { name: /Support/ }).first().click()
  await page.locator('.tree ul ul button.plain-button').first().click()
  await page.locator('.panel dl').waitFor()
  await accessible(page, `departments ${what}`)
  await shot(page, `departments-${what}`)
}
