import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, shot, signIn, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('a lead listens, whispers to the agent alone, and steps in for everybody', () =>
  visit({ screen: 'phone' }, async (phone) => {
    await signIn(phone, 'it user', '/h5')
    await phone.getByRole('link', { name: /报销系统提交时报错/ }).tap()
    await phone.getByLabel('输入消息').fill('还是不行。')
    await phone.keyboard.press('Enter')
    await visit({}, async (agent) => {
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
      })
    })
  }))
