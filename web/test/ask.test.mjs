import { expectText } from './expect.mjs'
import { test } from 'node:test'
import { shot, signIn, visit } from './browser.mjs'

test('an employee asks on a phone and an agent answers in the workbench', () =>
  visit({ screen: 'phone' }, async (phone) => {
    await signIn(phone, 'it user', '/h5')
    await phone.getByRole('button', { name: '电脑', exact: true }).tap()
    await phone.getByLabel('描述问题').fill('笔记本开机后黑屏，只有风扇在转。今天下午要演示。')
    await shot(phone, 'h5-ask')
    await phone.getByRole('button', { name: '提交' }).tap()
    await expectText(phone.locator('.bar h1'), /^笔记本开机后黑屏，只有风扇在转$/)
    await visit({}, async (desk) => {
      await signIn(desk, 'it agent')
      await desk.getByRole('button', { name: '上线' }).click()
      await desk.getByRole('button', { name: /笔记本开机后黑屏/ }).click()
      await desk.getByRole('textbox', { name: '回复' }).fill('您好，请长按电源键十秒再开机。')
      await desk.keyboard.press('Enter')
      await expectText(phone.locator('.said').last(), /长按电源键十秒/)
      await phone.getByLabel('输入消息').fill('可以了，谢谢！')
      await phone.keyboard.press('Enter')
      await expectText(desk.locator('.said').last(), /可以了，谢谢/)
      await shot(desk, 'desk')
      await desk.keyboard.press('Alt+e')
      await phone.getByRole('radio', { name: '5 星' }).check({ force: true })
      await phone.getByLabel('响应快').check({ force: true })
      await phone.getByRole('button', { name: '提交评价' }).tap()
      await expectText(phone.locator('.thanks'), /感谢您的评价/)
      await shot(phone, 'h5-rated')
    })
  }))

test('what is typed without a network is kept and sent when it is back', () =>
  visit({ screen: 'phone', locale: 'en', expected: ['offline'] }, async (phone, context) => {
    await signIn(phone, 'center requester', '/h5')
    await phone.getByRole('link', { name: /All conversations/ }).waitFor()
    await phone.locator('.tile').first().tap()
    await phone.getByLabel('Describe the problem').fill('The screen stays black.')
    await phone.getByRole('button', { name: 'Send', exact: true }).tap()
    await phone.getByLabel('Write a message').waitFor()
    await context.setOffline(true)
    await phone.getByLabel('Write a message').fill('It also beeps.')
    await phone.keyboard.press('Enter')
    await expectText(phone.locator('.said.failed'), /Not sent/)
    await phone.getByLabel('Write a message').fill('a draft')
    await context.setOffline(false)
    await expectText(phone.locator('.said:not(.failed):not(.sending)').last(), /It also beeps/)
    await phone.reload()
    await phone.getByLabel('Write a message').waitFor()
    await expectText(phone.locator('.said').last(), /It also beeps/)
    if ((await phone.getByLabel('Write a message').inputValue()) !== 'a draft') throw new Error('the draft is gone')
  }))

test('Enter does not send while an input method is composing', () =>
  visit({}, async (desk) => {
    await signIn(desk, 'it agent')
    await desk.locator('.conversation:not(.ghost)').first().click()
    const field = desk.getByRole('textbox', { name: /回复|备注/ })
    await field.fill('ni hao')
    const before = await desk.locator('.said').count()
    await field.evaluate((e) => e.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true })))
    if ((await field.inputValue()) !== 'ni hao' || (await desk.locator('.said').count()) !== before) throw new Error('it was sent')
  }))
