import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { accessible, look, looks, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('a manager looks at pictures, reads the same in figures, and takes them away as a file', () =>
  visit({}, async (page) => {
    const told = page.waitForResponse((r) => r.url().includes('/v1/reports/volume?') && r.ok())
    await signIn(page, 'center ops_manager')
    await page.locator('.rail').waitFor()
    await page.goto(url + '/reports')
    const { rows, sums, time_zone } = await (await told).json()
    await page.locator('.picture').nth(3).waitFor()
    for (const name of ['一天中的负载', '一天中的等待', '各时段新增会话', '技能覆盖']) assert.equal(await page.getByRole('heading', { name }).count(), 1)
    const arrivals = page.locator('.picture', { hasText: '各时段新增会话' })
    await arrivals.getByText('数据表').click()
    const figures = await arrivals.locator('tbody td:nth-child(2)').allTextContents()
    assert.deepEqual(figures.map(Number), rows.map((r) => r.figures.opened + r.figures.reopened))

    await page.getByText('会话量', { exact: true }).click()
    await page.getByLabel('统计维度').selectOption('agent')
    await expectText(page.locator('.figures tfoot'), new RegExp(`合计${sums.opened}${sums.reopened}`))
    await expectText(page.locator('.report-at'), new RegExp(time_zone))
    assert.equal(new URL(page.url()).searchParams.get('by'), 'agent')
    await page.reload()
    await page.locator('.figures tbody tr').first().waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '导出 CSV' }).click()
    const file = await download
    assert.match(file.suggestedFilename(), /^volume_[\d-]{10}_[\d-]{10}_by_agent\.csv$/)
    const lines = (await text(await file.createReadStream())).trim().split('\r\n')
    assert.equal(lines.at(-1), `sums,,${sums.opened},${sums.reopened},${sums.resolved},${sums.abandoned},${sums.open}`)
  }))

test('a lead may look and not take away, and reports are readable for all', () =>
  visit({ expected: [403] }, async (page) => {
    await signIn(page, 'it team_lead')
    await page.locator('.rail').waitFor()
    for (const l of looks) {
      const what = `${l.locale}-${l.theme}`
      await look(page, l)
      await page.goto(url + '/reports')
      await page.locator('.picture').nth(3).waitFor()
      await page.locator('.picture summary').first().click()
      await accessible(page, `reports ${what}`)
      await shot(page, `reports-${what}`)
      await page.goto(url + '/reports?view=waiting&by=skill')
      await page.locator('.figures tbody tr').first().waitFor()
      await accessible(page, `report ${what}`)
      await shot(page, `report-${what}`)
      assert.equal(await page.getByRole('button', { name: /CSV/ }).count(), 0)
    }
    await page.goto(url + '/sign-ins') // somebody else's address
    await expectText(page.locator('.refused'), /audit_log:read/)
  }))

/** guess tries to sign in under a name that nobody has, until it is too early to try again. */
async function guess() {
  const body = JSON.stringify({ tenant: 'it', username: 'nobody.at.all', password: 'a guess' })
  for (let code = ''; code !== 'slow_down'; ) {
    code = (await (await fetch(url + '/v1/auth/login', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json()).code
  }
}

test('an auditor sees how sign-ins failed, when, and why', () =>
  visit({}, async (page) => {
    await guess()
    await signIn(page, 'it auditor')
    const told = page.waitForResponse((r) => r.url().includes('/v1/reports/sign-ins?') && r.ok())
    await page.getByRole('link', { name: '审计' }).click()
    await page.getByRole('link', { name: '登录统计' }).click()
    const { rows, sums } = await (await told).json()
    await expectText(page.locator('.sums'), new RegExp(`成功${sums.succeeded}失败${sums.failed}等待验证${sums.challenged}新设备${sums.new_devices}密集失败${sums.bursts}$`))
    const bad = page.locator('figure', { hasText: '失败的登录' })
    await bad.getByText('数据表').click()
    assert.deepEqual(await bad.locator('tbody tr').allTextContents(), rows.map(({ key, figures: f }) => `${key.date}${f.failed}${f.bursts}`))
    const why = page.getByRole('region', { name: '失败原因' })
    assert.deepEqual(await why.locator('tbody tr > td:nth-child(2)').allTextContents(), sums.reasons.map((r) => String(r.failed)))
    await expectText(why, /用户名不存在[1-9]/)
    await expectText(why, /被登录限速[1-9]/)

    await page.getByLabel('统计维度').selectOption('hour')
    await page.waitForFunction(() => document.querySelectorAll('figure tbody tr').length === 2 * 24)
    assert.equal(new URL(page.url()).searchParams.get('by'), 'hour')
    await page.goto(url + '/sign-ins?from=2020-01-01&to=2020-01-03')
    await expectText(why, /没有失败的登录/)
    for (const l of looks) {
      await look(page, l)
      await page.goto(url + '/sign-ins')
      await page.locator('.reasons tbody tr').first().waitFor()
      await shot(page, `sign-ins-${l.locale}-${l.theme}`)
      await page.locator('.picture summary').last().click()
      await accessible(page, `sign-ins ${l.locale} ${l.theme}`)
    }
    await page.setViewportSize({ width: 1024, height: 768 })
    await shot(page, 'sign-ins-1024')
    await page.getByRole('link', { name: /audit|审计中/ }).last().click()
    await page.locator('.listing tbody tr:not(.ghost)').first().waitFor()
    assert.equal(new URL(page.url()).searchParams.get('outcome'), 'failure')
  }))
