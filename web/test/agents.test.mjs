import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, choose, look, looks, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

// One sign-in for all of it: a code of the second factor is good once in half a minute.
test('an admin keeps agents, skills, canned replies and tags, and asks dispatch whom it would choose', () =>
  visit({ expected: [409] }, async (page) => {
    const issued = page.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp') && r.ok())
    await signIn(page, 'it admin')
    const { access_token: token } = await (await issued).json()
    await limits(page)
    await hire(page, token)
    await skills(page, token)
    await words(page)
    await readable(page)
  }))

/** ask asks the server as the admin of whom the token is. */
async function ask(token, method, path, body, more = {}) {
  const headers = { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json', ...more }
  const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) })
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`)
  return answer
}

/** give has 王敏 hold one role and no other. */
async function give(token, role) {
  const { items } = await (await ask(token, 'GET', '/v1/users?q=wang.min')).json()
  const path = `/v1/users/${items[0].id}/roles`
  const tag = (await ask(token, 'GET', path)).headers.get('ETag')
  await ask(token, 'PUT', path, { roles: [role] }, tag ? { 'If-Match': tag } : {})
}

const panelOf = (page) => page.locator('.panel')

async function remove(page) {
  await panelOf(page).getByRole('button', { name: '删除' }).click()
  await page.locator('.ant-popconfirm').getByRole('button', { name: '删除' }).click()
  await panelOf(page).waitFor({ state: 'detached' })
}

/** limits sets limits, skills and the status of an agent, and sets them back. */
async function limits(page) {
  await page.getByRole('link', { name: '坐席', exact: true }).first().click()
  const row = page.locator('.listing tbody tr', { hasText: 'Network' })
  await row.getByRole('button').click()
  const panel = panelOf(page)
  assert.ok((await panel.getByLabel('最大负载').inputValue()) === '4')
  assert.match(page.url(), /\/agents\/.+/)
  await panel.getByLabel('最大负载').fill('6')
  await panel.getByLabel('外设').check()
  await panel.getByRole('button', { name: '保存' }).click()
  await expectText(row, /1\/6.*外设/)
  await panel.getByText('忙碌', { exact: true }).click()
  await expectText(row, /忙碌/)
  await panel.getByText('离线', { exact: true }).click()
  await panel.getByRole('button', { name: '保留给此坐席' }).click()
  await expectText(row, /离线.*1\/6/)
  await page.reload() // the address leads back to the same agent
  assert.equal(await panel.getByLabel('外设').isChecked(), true)
  await panel.getByLabel('外设').uncheck()
  await panel.getByLabel('最大负载').fill('4')
  await panel.getByRole('button', { name: '保存' }).click()
  await expectText(row, /1\/4/)
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
}

/** hire makes somebody an agent who may be one, and takes that back. */
async function hire(page, token) {
  await page.getByRole('button', { name: '新建坐席' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('搜索用户').first().fill('王敏')
  await dialog.getByLabel('王敏').check()
  await dialog.getByLabel('电脑').check()
  await dialog.getByRole('button', { name: /新建$/ }).click()
  await expectText(dialog.locator('.refused'), /没有受理会话的权限/)
  await give(token, 'agent')
  await dialog.getByRole('button', { name: /新建$/ }).click()
  await expectText(page.locator('.listing tbody tr', { hasText: '王敏' }), /0\/5.*电脑/)
  await remove(page)
  await give(token, 'user')
  await page.locator('.listing tbody tr', { hasText: '王敏' }).waitFor({ state: 'detached' })
}

/** skills makes and deletes a skill, and asks dispatch. There are more departments than any list shows at once. */
async function skills(page, token) {
  const panel = panelOf(page)
  const branches = Array.from({ length: 250 }, (_, i) => ({ path: `Branch ${i + 1}` }))
  await ask(token, 'POST', '/v1/imports/departments', branches)
  await page.goto(url + '/skills')
  await page.getByRole('button', { name: '新建技能' }).click()
  await panel.getByLabel('名称').fill('会议室')
  await choose(page, panel.getByRole('combobox', { name: '负责部门' }), 'Branch 250')
  await panel.getByLabel('使用服务台的设置').uncheck()
  await panel.getByLabel(/^放宽/).fill('60')
  await panel.getByRole('button', { name: '保存' }).click()
  const skill = page.locator('.listing tbody tr', { hasText: '会议室' })
  await expectText(skill, /Branch 250.*60 秒 \/ 300 秒 \/ 900 秒/)
  await skill.getByRole('button').click()
  await expectText(panel.locator('.pick').first(), /Branch 250/)
  await remove(page)
  await skill.waitFor({ state: 'detached' })
  const { items } = await (await ask(token, 'GET', '/v1/departments?q=Branch 250')).json()
  await page.goto(`${url}/users?department=${items[0].id}`)
  await expectText(page.locator('.filters .pick').first(), /Branch 250/)
  await page.goto(url + '/skills')
  await page.getByRole('button', { name: '派单试算' }).click()
  await panel.getByLabel('技能', { exact: true }).selectOption({ label: '网络' })
  await panel.getByRole('button', { name: '试算' }).click()
  await expectText(panel.locator('.verdicts').last(), /IT 坐席.*离线/)
}

/** words makes, changes and deletes a canned reply and a tag. */
async function words(page) {
  const panel = panelOf(page)
  await page.goto(url + '/replies')
  await page.getByRole('button', { name: '新建快捷回复' }).click()
  await panel.getByLabel('标题').fill('稍等')
  await panel.getByLabel('快捷码').fill('wait')
  await panel.getByLabel('内容').fill('请稍等，我看一下。')
  await panel.getByRole('button', { name: '保存' }).click()
  const reply = page.locator('.listing tbody tr', { hasText: '/wait' })
  await reply.getByRole('button').click()
  await panel.getByLabel('内容').fill('请稍等一分钟。')
  await panel.getByRole('button', { name: '保存' }).click()
  await expectText(reply, /请稍等一分钟/)
  await reply.getByRole('button').click()
  await remove(page)
  await reply.waitFor({ state: 'detached' })

  await page.goto(url + '/tags')
  await page.getByRole('button', { name: '新建标签' }).click()
  await panel.getByLabel('名称').fill('投影')
  await panel.getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '投影', exact: true }).click()
  await panel.getByLabel('名称').fill('投影仪')
  await panel.getByRole('button', { name: '保存' }).click()
  await page.getByRole('button', { name: '投影仪', exact: true }).click()
  await remove(page)
  await page.getByRole('button', { name: '投影仪', exact: true }).waitFor({ state: 'detached' })
}

/** readable has axe-core read each page, with something open. */
async function readable(page) {
  for (const l of looks) {
    const what = `${l.locale}-${l.theme}`
    await look(page, l)
    for (const path of ['agents', 'skills', 'replies', 'tags']) {
      await page.goto(`${url}/${path}`)
      await page.locator('.listing tbody tr:not(.ghost) button').first().click()
      await page.locator('.panel form').first().waitFor()
      await accessible(page, `${path} ${what}`)
      await shot(page, `${path}-${what}`)
    }
    await page.goto(url + '/skills')
    await page.locator('.page-head button').first().click()
    await page.locator('.panel form button').last().press('Enter') // no pointer stands on it then
    await page.locator('.verdicts').first().waitFor({ state: 'attached' })
    await accessible(page, `dry run ${what}`)
    await shot(page, `dry-run-${what}`)
  }
}
