import { test } from 'node:test'
import { accessible, shot, signIn, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('an agent changes subject, priority and tags, and the employee sees the subject', () =>
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
  }))
