import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, look, looks, shot, signIn, url, visit } from './browser.mjs'

for (const l of looks) {
  const { locale, theme } = l
  test(`axe-core finds nothing serious: ${locale}, ${theme}`, async () => {
    await visit({ ...l, screen: 'phone' }, async (phone) => {
      await phone.goto(url + '/h5/t/it')
      await phone.locator('[name=password]').waitFor()
      await accessible(phone, 'employee sign-in')
      await signIn(phone, 'it user', '/h5')
      await phone.locator('.row:not(.ghost)').first().waitFor()
      await accessible(phone, 'home')
      await shot(phone, `h5-home-${locale}-${theme}`)
      await phone.locator('.row:not(.ghost)').first().tap()
      await phone.locator('.said').first().waitFor()
      await accessible(phone, 'thread')
      for (const [path, ready] of [['ask/computer', 'textarea'], ['history', '.row:not(.ghost)']]) {
        await phone.goto(`${url}/h5#/${path}`)
        await phone.locator(ready).first().waitFor()
        await accessible(phone, path)
      }
    })
    await visit(l, async (desk) => {
      await desk.goto(url + '/link#none')
      await desk.locator('[type=password]').first().waitFor()
      assert.equal(new URL(desk.url()).hash, '') // the secret has left the address
      await accessible(desk, 'link')
      await desk.goto(url + '/t/it')
      await desk.locator('[name=password]').waitFor()
      await accessible(desk, 'sign-in')
      await signIn(desk, 'it agent2')
      await desk.locator('.conversation:not(.ghost), .empty').first().waitFor()
      await desk.getByRole('tab').nth(1).click()
      await desk.locator('.conversation:not(.ghost)').first().click()
      await desk.locator('.said').first().waitFor()
      await accessible(desk, 'workbench')
      await shot(desk, `desk-${locale}-${theme}`)
      await desk.keyboard.press('Shift+Tab') // out of fields, where a question mark is one
      await desk.locator('h1').first().click()
      await desk.keyboard.press('?')
      await desk.locator('.keys').waitFor()
      await accessible(desk, 'shortcuts')
    })
  })
}

test('axe-core finds nothing serious: roles and audit', () =>
  visit({}, async (page) => {
    await signIn(page, 'center admin')
    await page.locator('.rail').waitFor()
    for (const l of looks) {
      const what = `${l.locale} ${l.theme}`
      await look(page, l)
      await page.goto(url + '/roles/agent')
      await page.locator('.matrix').waitFor()
      await accessible(page, `roles ${what}`)
      await shot(page, `roles-${l.locale}-${l.theme}`)
      await page.goto(url + '/audit')
      await page.locator('.listing tbody tr:not(.ghost) button').first().click()
      await page.locator('.panel').waitFor()
      await accessible(page, `audit ${what}`)
    }
  }))
