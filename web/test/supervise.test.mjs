import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, shot, signIn, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('a lead listens, whispers to the agent alone, steps in for everybody, and gives it to somebody else', () =>
  visit({ screen: 'phone' }, async (phone) => {
    await signIn(phone, 'it user', '/h5')
    await phone.getByRole('link', { name: /报销系统提交时报错/ }).tap()
    await phone.getByLabel('输入消息').fill('还是不行。')
    await phone.keyboard.press('Enter')
    // What was given away is not found any more by whoever has it open.
    await visit({ expected: [404] }, async (agent) => {
      await signIn(agent, 'it agent')
      await agent.getByRole('button', { name: /报销系统提交时报错/ }).click()
      await expectText(agent.locator('.said').last(), /还是不行/)
      await visit({}, async (lead) => {
        await signIn(lead, 'it team_lead')
        await lead.getByRole('tab', { name: /全部/ }).click()
        await lead.getByRole('button', { name: /报销系统提交时报错/ }).click()
        await lead.getByRole('button', { name: '旁听', exact: true }).click()
        await lead.getByRole('textbox', { name: '耳语' }).fill('问一下是哪个浏览器。')
        await lead.keyboard.press('Enter')
        await expectText(agent.locator('.said.whisper').last(), /问一下是哪个浏览器/)
        await shot(lead, 'supervision')
        await accessible(lead, 'supervision')
        await lead.getByText('介入', { exact: true }).click()
        await lead.getByRole('textbox', { name: '介入' }).fill('您好，我是主管，我来一起看。')
        await lead.keyboard.press('Enter')
        await expectText(phone.locator('.said').last(), /我是主管/)
        assert.equal(await phone.getByText('问一下是哪个浏览器').count(), 0)
        await expectText(agent.locator('.details'), /介入/)
        await lead.getByRole('button', { name: '结束旁听' }).click()
        await lead.getByRole('button', { name: '旁听', exact: true }).waitFor()
        await reassign(lead, agent)
      })
    })
  }))

/** reassign has the lead give what they look at to a colleague who has just come on duty. */
function reassign(lead, agent) {
  return visit({}, async (colleague) => {
    await signIn(colleague, 'it agent2')
    await colleague.getByRole('button', { name: '上线' }).click()
    await colleague.getByRole('button', { name: '上线' }).waitFor({ state: 'detached' })
    await lead.keyboard.press('Alt+t')
    const dialog = lead.getByRole('dialog')
    await dialog.locator('.option').first().click()
    await dialog.getByLabel(/^原因/).fill('由熟悉网络的同事处理')
    await dialog.getByRole('button', { name: '转接' }).click()
    await colleague.locator('.conversation', { hasText: '报销系统提交时报错' }).waitFor()
    await agent.locator('.conversation', { hasText: '报销系统提交时报错' }).waitFor({ state: 'detached' })
  })
}
