import { test } from 'node:test'
import { shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('an admin changes a role with the impact shown, the agent loses the button at once, the auditor finds who did it', () =>
  visit({}, async (admin) => {
    const issued = admin.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp') && r.ok())
    await signIn(admin, 'it admin')
    const { access_token: token } = await (await issued).json()
    await admin.getByRole('link', { name: '角色' }).click()
    await admin.getByRole('link', { name: /IT 坐席/ }).click()
    await admin.getByRole('button', { name: '复制' }).click()
    await admin.getByLabel('标识').fill('agent_lite')
    await admin.getByLabel('名称', { exact: true }).fill('轻量坐席')
    await admin.getByRole('dialog').getByRole('button', { name: '复制' }).click()
    await expectText(admin.locator('.role-editor h1'), /轻量坐席/)
    await give(token, 'agent2', 'agent_lite')
    await visit({ expected: [403] }, async (agent) => {
      await signIn(agent, 'it agent2')
      await agent.getByRole('tab', { name: /排队/ }).click()
      await agent.locator('.conversation:not(.ghost)').first().click()
      const take = agent.getByRole('button', { name: '领取' })
      await take.waitFor()

      await admin.reload()
      const row = admin.getByRole('row', { name: /会话 conversation/ })
      await row.getByLabel('领取').selectOption('')
      await row.getByLabel('查看').selectOption('own')
      await admin.getByRole('button', { name: /查看影响/ }).click()
      await expectText(admin.locator('.impact-count'), /1 人的权限会改变/)
      await expectText(admin.locator('.impact'), /失去/)
      await shot(admin, 'role-impact')
      await admin.getByRole('button', { name: '确认更改' }).click()
      await admin.locator('.impact').waitFor({ state: 'detached' })

      await take.waitFor({ state: 'detached' })
      await agent.getByRole('tab', { name: /排队/ }).waitFor({ state: 'detached' })
    })
    await visit({}, async (auditor) => {
      await signIn(auditor, 'it auditor')
      await auditor.getByRole('link', { name: '审计' }).click()
      await auditor.getByLabel('事件').fill('role.update')
      await auditor.getByRole('button', { name: '搜索' }).click()
      const found = auditor.locator('.listing tbody tr', { hasText: 'role.update' }).first()
      await found.getByRole('button').click()
      await expectText(auditor.locator('.changes del').first(), /conversation:(take|read):unassigned/)
      await expectText(auditor.locator('.panel dl'), /超级管理员/)
      await shot(auditor, 'audit')
    })
  }))

/** give has a user hold one role, as the admin of whom the token is. */
async function give(token, username, role) {
  const headers = { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }
  const ask = async (method, path, body, more = {}) => {
    const answer = await fetch(url + path, { method, headers: { ...headers, ...more }, body: body && JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const { items } = await (await ask('GET', `/v1/users?q=${username}`)).json()
  const id = items.find((u) => u.username === username).id
  const tag = (await ask('GET', `/v1/users/${id}/roles`)).headers.get('ETag')
  await ask('PUT', `/v1/users/${id}/roles`, { roles: [role] }, tag ? { 'If-Match': tag } : {})
}
