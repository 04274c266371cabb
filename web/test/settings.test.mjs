import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible, look, looks, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

test('an admin changes how the desk works and who needs a second factor', () =>
  visit({ expected: [412] }, async (page) => {
    const issued = page.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp') && r.ok())
    await signIn(page, 'center admin')
    const { access_token: token } = await (await issued).json()
    await page.getByRole('link', { name: '设置' }).click()
    const times = page.getByRole('region', { name: '会话时限' })
    await times.getByLabel('无人首次响应，退回队列', { exact: true }).fill('7')
    await times.getByRole('button', { name: '保存' }).click()
    await expectText(page.locator('.ant-message'), /设置已保存/)
    await page.reload()
    const first = page.getByRole('region', { name: '会话时限' }).getByLabel('无人首次响应，退回队列', { exact: true })
    await first.waitFor()
    if ((await first.inputValue()) !== '7') throw new Error('it was not kept')
    await together(page, token)
    await meanwhile(page)

    await page.getByRole('link', { name: '登录与安全' }).click()
    await expectText(page.getByRole('region', { name: '两步验证' }), /以下角色始终要求两步验证.*管理员/)
    await page.getByLabel(/所有人登录都需要两步验证/).check()
    const factor = page.getByRole('region', { name: '两步验证' })
    await factor.getByRole('button', { name: '保存' }).click()
    await expectText(page.locator('.ant-message'), /设置已保存/)
    await visit({}, async (other) => {
      await signIn(other, 'center senior_agent')
      await other.locator('.enrolment img').waitFor()
    })
    await page.getByLabel(/所有人登录都需要两步验证/).uncheck()
    await factor.getByRole('button', { name: '保存' }).click()
    await factor.getByRole('button', { name: '保存' }).and(page.locator(':disabled')).waitFor()
    for (const l of looks) {
      await look(page, l)
      for (const at of ['settings', 'security']) {
        await page.goto(`${url}/${at}`)
        await page.locator('.card form').first().waitFor()
        await accessible(page, `${at} ${l.locale} ${l.theme}`)
        await shot(page, `${at}-${l.locale}-${l.theme}`)
      }
    }
  }))

/** together has two cards changed at once, and then a third thing by somebody else: nothing typed is lost, nothing saved is put back. */
async function together(page, token) {
  const headers = { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' }
  const now = async () => (await fetch(url + '/v1/desk/settings', { headers })).json()
  const times = page.getByRole('region', { name: '会话时限' })
  const dispatch = page.getByRole('region', { name: '派单' })
  const saved = page.locator('.ant-message').getByText('设置已保存')
  await dispatch.getByLabel('没有该技能的坐席保留的空位').fill('3')
  await times.getByLabel('无人首次响应，退回队列', { exact: true }).fill('8')
  await times.getByRole('button', { name: '保存' }).click()
  await saved.waitFor()
  assert.equal(await dispatch.getByLabel('没有该技能的坐席保留的空位').inputValue(), '3')
  await saved.waitFor({ state: 'detached' })

  const { version, busy_may_take: was } = await now()
  const body = JSON.stringify({ busy_may_take: !was })
  assert.equal((await fetch(url + '/v1/desk/settings', { method: 'PATCH', headers: { ...headers, 'If-Match': `"${version}"` }, body })).status, 200)
  await dispatch.getByRole('button', { name: '保存' }).click()
  await expectText(dispatch.locator('.refused'), /期间有其他人修改了数据/)
  assert.equal(await saved.count(), 0)
  assert.equal(await dispatch.getByLabel(/忙碌的坐席可以/).isChecked(), !was)
  await dispatch.getByRole('button', { name: '保存' }).click()
  await saved.waitFor()
  const { reserve, busy_may_take } = await now()
  assert.deepEqual({ reserve, busy_may_take }, { reserve: 3, busy_may_take: !was })
}

/** meanwhile has somebody go on typing while what they typed is being saved: it is a change of what was saved. */
async function meanwhile(page) {
  const times = page.getByRole('region', { name: '会话时限' })
  const [first, parked] = ['无人首次响应，退回队列', '提问人没有回复，转为等待提问人'].map((name) => times.getByLabel(name, { exact: true }))
  const was = await parked.inputValue()
  await page.route('**/v1/desk/settings', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue()
    await first.fill('10')
    await parked.fill(was) // as it was before
    await route.continue()
  })
  await first.fill('9')
  await parked.fill('55')
  const kept = page.waitForResponse((r) => r.url().endsWith('/v1/desk/settings') && r.request().method() === 'PATCH')
  await times.getByRole('button', { name: '保存' }).click()
  await kept
  await times.locator('.ant-btn-loading').waitFor({ state: 'detached' })
  assert.deepEqual([await first.inputValue(), await parked.inputValue()], ['10', was])
  await page.unroute('**/v1/desk/settings')
  const sent = page.waitForRequest((r) => r.url().endsWith('/v1/desk/settings') && r.method() === 'PATCH')
  await times.getByRole('button', { name: '保存' }).click()
  assert.deepEqual(Object.keys((await sent).postDataJSON()).sort(), ['first_answer_seconds', 'park_seconds'])
  await times.getByRole('button', { name: '保存' }).and(page.locator(':disabled')).waitFor()
}

test('nobody loses unasked what they typed: by a link, by Back, by another row', () =>
  visit({}, async (page) => {
    await signIn(page, 'center admin')
    await page.locator('.rail').waitFor()
    await page.goto(url + '/replies')
    const rows = page.locator('.listing tbody .plain-button')
    const title = page.locator('.panel').getByLabel('标题')
    const asked = page.getByRole('dialog', { name: '不保存就离开吗？' })
    const answer = (name) => asked.getByRole('button', { name }).click()
    await rows.nth(0).click()
    await title.fill('half a title')
    await rows.nth(1).click()
    await accessible(page, 'leaving')
    await shot(page, 'leaving')
    await answer('留在这里')
    await asked.waitFor({ state: 'detached' })
    assert.equal(await title.inputValue(), 'half a title')
    await rows.and(page.locator('[aria-current=true]')).click() // it is open already
    await rows.nth(1).click()
    await answer('放弃更改')
    await title.and(page.locator(':not([value="half a title"])')).waitFor()

    await page.getByRole('link', { name: '设置' }).click() // and nobody asks again
    const name = page.getByRole('region', { name: '租户' }).getByLabel('名称')
    await name.fill('half a name')
    await page.getByRole('link', { name: '审计' }).click()
    await answer('留在这里')
    await page.goBack()
    await asked.waitFor()
    await page.keyboard.press('Escape')
    await asked.waitFor({ state: 'detached' })
    await page.waitForURL(url + '/settings')
    assert.equal(await name.inputValue(), 'half a name')
    const unload = page.waitForEvent('dialog')
    const closed = page.close({ runBeforeUnload: true })
    assert.equal((await unload).type(), 'beforeunload')
    await (await unload).dismiss()
    await closed
    await page.goBack()
    await answer('放弃更改')
    await page.waitForURL(url + '/replies')
  }))

test('who did not wait for a save goes on elsewhere: it closes nothing there, and Back and signing out ask as ever', () =>
  visit({}, async (page) => {
    await signIn(page, 'center admin')
    await page.locator('.rail').waitFor()
    await page.goto(url + '/skills')
    for (const to of ['/tags', '/replies']) await page.locator(`.tabs a[href="${to}"]`).click()
    const rows = page.locator('.listing tbody .plain-button')
    const body = page.locator('.panel textarea')
    const asked = page.getByRole('dialog', { name: '不保存就离开吗？' })
    const stay = async () => {
      await asked.getByRole('button', { name: '留在这里' }).click()
      await asked.waitFor({ state: 'detached' })
      assert.equal(await body.inputValue(), 'half a reply')
    }
    let goOn
    const held = new Promise((resolve) => (goOn = resolve))
    await page.route('**/v1/canned-replies/*', (route) => held.then(() => route.continue()))
    await rows.nth(0).click()
    await body.fill((await body.inputValue()) + '！')
    await page.locator('.panel').getByRole('button', { name: '保存' }).click()
    await rows.nth(1).click()
    await asked.getByRole('button', { name: '放弃更改' }).click()
    await rows.nth(1).and(page.locator('[aria-current=true]')).waitFor()
    await body.fill('half a reply')
    const readAgain = page.waitForResponse((r) => r.url().includes('/v1/canned-replies?'))
    goOn()
    await readAgain
    await page.goBack()
    await asked.waitFor()
    await page.goBack() // impatient
    await stay()
    await page.waitForURL(url + '/replies')
    await page.locator('.rail-end button').last().click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await stay()
  }))
