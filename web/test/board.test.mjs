import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, look, looks, people, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('a lead sees the queues of their department, hears at once who asks, and steps in from the board', () =>
  visit({}, async (lead) => {
    const told = lead.waitForResponse((r) => r.url() === url + '/v1/board' && r.ok())
    await signIn(lead, 'it team_lead')
    await lead.getByRole('link', { name: '监控' }).click()
    const { tiles, agents } = await (await told).json()
    await lead.locator('.tile').first().waitFor()
    assert.deepEqual(await lead.locator('.tile h3').allTextContents(), tiles.map((tile) => tile.skill.name))
    assert.equal(await lead.locator('.member').count(), agents.length)

    const longest = lead.locator('.gauge', { hasText: '最长等待' }).locator('b')
    const before = await longest.textContent()
    await expectText(longest, new RegExp(`^(?!${before}$)\\d+:\\d\\d`)) // it ticks
    const waiting = lead.locator('.tile', { hasText: '软件' }).locator('.tile-figures b')
    const count = Number(await waiting.textContent())
    const asked = await asker('it user')
    const made = await asked('POST', '/v1/conversations', { skill: tiles.find((tile) => tile.skill.name === '软件').skill.id, subject: '看板测试', text: '请问有人吗？' })
    await expectText(waiting, new RegExp(`^${count + 1}$`))
    await expectText(lead.locator('.going .listing tbody tr').first(), /看板测试/)
    await asked('POST', `/v1/conversations/${made.id}/leave`, undefined, { 'If-Match': `"${made.version}"` })
    await expectText(waiting, new RegExp(`^${count}$`))
    await lead.locator('.going tr', { hasText: '看板测试' }).waitFor({ state: 'detached' })

    await lead.locator('.going tr', { hasText: '报销系统' }).getByRole('button', { name: /介入/ }).click()
    await lead.getByRole('textbox', { name: '介入' }).waitFor()
    await lead.getByRole('button', { name: '结束旁听' }).click()
    await lead.getByRole('button', { name: '旁听', exact: true }).waitFor()
  }))

test('the board and the workbench follow the same conversations, one beside the other', () =>
  visit({}, async (lead) => {
    const told = lead.waitForResponse((r) => r.url() === url + '/v1/board' && r.ok())
    await signIn(lead, 'it team_lead')
    await lead.getByRole('link', { name: '监控' }).click()
    const { tiles } = await (await told).json()
    await lead.locator('.going tbody tr:not(.ghost)').first().waitFor()
    await lead.getByRole('link', { name: '工作台' }).click()
    await lead.getByRole('tab', { name: /排队/ }).click()
    const asked = await asker('it user')
    const made = await asked('POST', '/v1/conversations', { skill: tiles.find((tile) => tile.skill.name === '软件').skill.id, subject: '同一条线', text: '请问有人吗？' })
    await lead.locator('.conversation', { hasText: '同一条线' }).waitFor()
    await asked('POST', `/v1/conversations/${made.id}/leave`, undefined, { 'If-Match': `"${made.version}"` })
    await lead.locator('.conversation', { hasText: '同一条线' }).waitFor({ state: 'detached' })
  }))

test('the wall shows nobody by name, and the board is readable for all', () =>
  visit({}, async (page) => {
    await signIn(page, 'it auditor')
    await page.locator('.rail').waitFor()
    for (const l of looks) {
      const what = `${l.locale}-${l.theme}`
      await look(page, l)
      await page.goto(url + '/board')
      await page.locator('.member').first().waitFor()
      await page.locator('.going tbody tr:not(.ghost)').first().waitFor()
      await accessible(page, `board ${what}`)
      await shot(page, `board-${what}`)
      const names = [...(await page.locator('.member a').allTextContents()), ...(await page.locator('.going tbody td:nth-child(3)').allTextContents())]
      await page.goto(url + '/board#wall')
      await page.locator('.wall .tile').first().waitFor()
      const said = await page.locator('.wall').textContent()
      assert.deepEqual(names.filter((name) => said.includes(name)), [])
      await accessible(page, `wall ${what}`)
      await shot(page, `wall-${what}`)
      await page.keyboard.press('Escape')
      await page.locator('.wall').waitFor({ state: 'detached' })
    }
  }))

/** asker asks the server as somebody who needs no second factor. */
async function asker(who) {
  const [tenant, username] = who.split(' ')
  let token = ''
  const ask = async (method, path, body, more = {}) => {
    const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: 'Bearer ' + token } : {}), ...more }
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) })
    assert.ok(answer.ok, `${method} ${path}: ${answer.status}`)
    return answer.json()
  }
  token = (await ask('POST', '/v1/auth/login', { tenant, username, password: people[who].password })).access_token
  return ask
}
