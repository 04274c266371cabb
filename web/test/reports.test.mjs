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
  visit({}, async (page) => {
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
  }))
