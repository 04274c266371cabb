import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asAdmin } from './admin.mjs'
import { accessible, look, looks, shot, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

/** pick chooses something by name where the server is searched. */
async function pick(page, label, text, name) {
  await page.getByRole('combobox', { name: label }).fill(text)
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: name }).first().click()
}

const choose = (page, label, value) => page.getByRole('combobox', { name: label, exact: true }).selectOption(value)
const press = (page, name) => page.getByRole('button', { name, exact: true }).click()

test('why somebody may not and who may; roles that one person may not have together; a role from its making to its end', () =>
  visit({ expected: [409, 412] }, async (page) => {
    const ask = await asAdmin(page, 'center admin')
    await page.getByRole('link', { name: '角色' }).click()
    await questions(page)
    await exclusion(page, ask)
    await ownRole(page, ask)
    for (const l of looks) {
      await look(page, l)
      const what = `${l.locale} ${l.theme}`
      await page.goto(url + '/access?ask=may&resource=conversation&action=read')
      await page.locator('.verdict').waitFor()
      await accessible(page, `access ${what}`)
      await shot(page, `access-${l.locale}-${l.theme}`)
      await page.goto(url + '/exclusions/apart')
      await page.locator('.panel form').waitFor()
      await accessible(page, `exclusions ${what}`)
      await shot(page, `exclusions-${l.locale}-${l.theme}`)
    }
  }))

async function questions(page) {
  await page.getByRole('link', { name: '权限查询' }).click()
  await pick(page, '用户', 'senior', /senior_agent/)
  await choose(page, '操作', 'export')
  await press(page, '查询')
  await expectText(page.locator('.verdict'), /不允许.*没有任何角色或权限列表授予.*conversation:export/)
  await shot(page, 'access-may')
  await page.getByRole('link', { name: '看看谁可以' }).click()
  await expectText(page.locator('.listing'), /超级管理员|管理员/)
  await page.goBack()
  await page.getByRole('link', { name: '看看此人能做什么' }).click()
  await expectText(page.locator('.listing'), /会话 · 转接.*conversation:transfer:/)
  await expectText(page.locator('.listing'), /资深坐席/)
  await shot(page, 'access-what')
  await page.getByText('能看哪些', { exact: true }).click()
  await choose(page, '操作', 'transfer')
  await press(page, '查询')
  await expectText(page.locator('.verdict'), /此人是受理坐席/)
  await choose(page, '资源', 'resume')
  await expectText(page.locator('.access-form .hint'), /外部系统/)
}

async function exclusion(page, ask) {
  const { id } = await ask('POST', '/v1/users', { username: 'both', name: '一身二职', roles: ['agent', 'qa_manager'] })
  await page.getByRole('link', { name: '职责分离' }).click()
  await press(page, '新建规则')
  await page.getByLabel('标识').fill('apart')
  await pick(page, '互斥的角色', 'agent', /^坐席 agent/)
  await pick(page, '互斥的角色', 'qa', /qa_manager/)
  await page.keyboard.press('Escape')
  await page.getByLabel('说明（中文）').fill('受理的人不给自己评分')
  await press(page, '检查并保存')
  const dialog = page.getByRole('dialog')
  await expectText(dialog, /1 人拥有的角色超过规定.*一身二职/)
  assert.equal(await dialog.getByRole('button', { name: '保存' }).isDisabled(), true)
  await shot(page, 'exclusion-violated')
  await accessible(page, 'who violates an exclusion')
  await press(page, '取消')
  const { tag } = await ask('GET', `/v1/users/${id}/roles`)
  assert.equal((await ask('PUT', `/v1/users/${id}/roles`, { roles: ['agent'] }, tag ? { 'If-Match': tag } : {})).status, 200)
  await press(page, '检查并保存')
  await expectText(dialog, /没有人违反/)
  await dialog.getByRole('button', { name: '保存' }).click()
  await page.waitForURL('**/exclusions/apart')
  await expectText(page.locator('.exclusion-words'), /坐席.*一个人最多拥有 1 个/)
  const { tag: now } = await ask('GET', `/v1/users/${id}/roles`)
  const refused = await ask('PUT', `/v1/users/${id}/roles`, { roles: ['agent', 'qa_manager'] }, now ? { 'If-Match': now } : {})
  assert.equal(refused.code, 'excluded_roles')
}

async function ownRole(page, ask) {
  await page.getByRole('link', { name: '角色', exact: true }).last().click()
  await press(page, '新建角色')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('标识').fill('helper')
  await dialog.getByLabel('名称（中文）').fill('帮手')
  await accessible(page, 'a new role')
  await dialog.getByRole('button', { name: '新建角色' }).click()
  await expectText(page.locator('.role-editor h1'), /帮手/)
  const read = page.getByRole('row', { name: /会话 conversation/ }).getByLabel('查看')
  await read.selectOption('own')
  await page.getByRole('button', { name: /查看影响/ }).click()
  await page.locator('.impact-count').waitFor()
  const { tag } = await ask('GET', '/v1/roles/helper') // somebody else is faster
  assert.equal((await ask('PATCH', '/v1/roles/helper', { label_zh: '好帮手' }, { 'If-Match': tag })).status, 200)
  await press(page, '确认更改')
  await expectText(dialog.locator('.refused'), /期间有其他人修改了数据/)
  await expectText(page.locator('.role-editor h1'), /好帮手/)
  assert.equal(await read.inputValue(), 'own')
  await press(page, '确认更改')
  await dialog.waitFor({ state: 'detached' })
  await press(page, '停用')
  await dialog.getByRole('button', { name: '停用' }).click()
  await expectText(page.locator('.role.on'), /好帮手.*已停用/)
  assert.equal((await ask('GET', '/v1/roles/helper')).active, false)
  await page.getByText('变更记录').click()
  await expectText(page.locator('.history'), /role\.deactivate.*role\.update.*conversation:read:own.*role\.update.*role\.create/)
  await accessible(page, 'history of a role')
  await shot(page, 'role-history')
  await page.getByRole('link', { name: '在审计中查看全部记录' }).click()
  await page.locator('.listing tbody tr:not(.ghost)', { hasText: 'role.deactivate' }).getByRole('button').click()
  await page.getByRole('link', { name: '同一登录会话的记录' }).click()
  await expectText(page.locator('.listing'), /exclusion\.create/)
  await shot(page, 'audit-session')
  await page.goto(url + '/roles/helper')
  await press(page, '删除')
  await dialog.getByRole('button', { name: '删除' }).click()
  await page.waitForURL('**/roles')
  assert.equal((await ask('GET', '/v1/roles/helper')).status, 404)
  await page.goto(url + '/roles/admin') // nobody shuts the tenant by mistake
  await press(page, '停用')
  await expectText(dialog.locator('.refused'), /管理员/)
}
