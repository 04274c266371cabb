import { test } from 'node:test'
import { accessible, shot, signIn, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('an agent changes subject, priority and tags, the employee sees the subject, and a colleague takes over', () =>
  visit({}, async (desk) => {
    await signIn(desk, 'it agent')
    await desk.getByRole('button', { name: /报销系统提交时报错/ }).click()
    await desk.getByRole('button', { name: '修改主题、优先级、标签' }).click()
    const dialog = desk.getByRole('dialog')
    await dialog.getByLabel('优先级').selectOption('2')
    await dialog.getByRole('combobox', { name: '标签' }).click()
    await desk.locator('.ant-select-item-option').first().click()
    await desk.keyboard.press('Escape')
    await dialog.getByLabel('主题').fill('报销系统提交时报错 500')
    await accessible(desk, 'changing a conversation')
    await shot(desk, 'edit')
    await dialog.getByRole('button', { name: '保存' }).click()
    await dialog.waitFor({ state: 'detached' })
    await expectText(desk.locator('.thread-head h1'), /报错 500$/)
    await expectText(desk.locator('.details dl'), /优先级高/)
    await visit({ screen: 'phone' }, async (phone) => {
      await signIn(phone, 'it user', '/h5')
      await phone.getByRole('link', { name: /报错 500/ }).waitFor()
    })
    await desk.keyboard.press('Alt+t')
    await dialog.getByText('转给技能组', { exact: true }).click()
    await dialog.getByLabel('网络').check()
    await dialog.getByLabel(/^原因/).fill('像是交换机的问题')
    await accessible(desk, 'passing on')
    await dialog.getByRole('button', { name: '转接' }).click()
    const passed = (page) => page.locator('.conversation', { hasText: '报错 500' })
    await passed(desk).waitFor({ state: 'detached' })
    await visit({}, async (colleague) => {
      await signIn(colleague, 'it agent2')
      await colleague.getByRole('button', { name: '上线' }).click() // who comes on duty is given what waits
      await passed(colleague).click()
      await colleague.getByRole('textbox', { name: '回复' }).waitFor()
    })
  }))
