import assert from 'node:assert/strict'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { accessible, shot, signIn, url, visit } from './browser.mjs'
import { expectText } from './expect.mjs'

const file = (name, lines) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n') + '\n') })
const agents = file('agents.csv', ['user_id,name,role,skill_tags', ...Array.from({ length: 600 }, (_, i) => `brought_${i},Brought ${i},agent,vpn`)])

test('a file is tried, mended, brought in with its progress shown, and taken out again', () =>
  visit({}, async (admin) => {
    const issued = admin.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp') && r.ok())
    await signIn(admin, 'it admin')
    const { access_token: token } = await (await issued).json()
    await admin.getByRole('link', { name: '人员' }).click()
    await admin.getByRole('link', { name: '导入导出' }).click()
    await admin.getByLabel('内容').selectOption('users')
    await admin.getByLabel(/CSV 或 JSON/).setInputFiles(file('bad.csv', ['username,name,roles', 'fine,Fine,user', 'odd,Odd,agnt', ',Nameless,user']))
    await admin.getByRole('button', { name: '试运行' }).click()
    await expectText(admin.locator('.bad-rows tbody'), /3roles.*agent.*4username/)
    assert.equal(await admin.getByRole('button', { name: /^导入（/ }).count(), 0)
    await shot(admin, 'import-bad')
    await accessible(admin, 'bad rows')
    await admin.getByLabel('文件来自').selectOption('agents')
    await slowly(admin)
    await admin.getByRole('button', { name: '试运行' }).click()
    await expectText(admin.locator('.counts'), /行数600新建600/)
    await expectText(admin.locator('.exchange'), /以下列没有导入： skill_tags/)
    assert.equal(await count(token), 0) // it was a trial
    const heard = admin.waitForResponse((r) => r.url().endsWith('/v1/imports/users?progress=true&mapping=agents'))
    await admin.evaluate(() => {
      window.said = []
      const hear = () => window.said.push(document.querySelector('.progress')?.textContent ?? '')
      new MutationObserver(hear).observe(document.body, { childList: true, subtree: true, characterData: true })
    })
    await admin.getByRole('button', { name: '导入（600 项）' }).click()
    await expectText(admin.locator('.exchange'), /已全部导入/)
    assert.equal((await heard).headers()['content-type'], 'application/x-ndjson')
    const said = await admin.evaluate(() => window.said)
    assert.ok(said.some((text) => /(读取文件|第 \d+ 行，共 600 行|正在检查).*请不要关闭此页/.test(text)), said.join('\n'))
    assert.equal(await count(token), 1)
    await shot(admin, 'import-done')

    const saved = admin.waitForEvent('download')
    await admin.getByRole('button', { name: '导出用户为 CSV' }).click()
    const text = (await buffer(await (await saved).createReadStream())).toString()
    assert.match(text, /^\uFEFFusername,name,/)
    assert.match(text, /\nbrought_599,Brought 599,/)
  }))

test('an import whose end was not heard says so, and the audit trail knows it; in English and in the dark', () =>
  visit({ locale: 'en', theme: 'dark' }, async (admin) => {
    await signIn(admin, 'shop admin')
    await admin.locator('.rail').waitFor()
    await admin.goto(url + '/import')
    await admin.getByLabel('What').selectOption('departments')
    await admin.getByLabel(/CSV or JSON/).setInputFiles(file('departments.csv', ['path', 'Lost', 'Lost/Found']))
    await admin.getByRole('button', { name: 'Try it' }).click()
    await expectText(admin.locator('.counts'), /Created2/)
    // The server does it, and what it says of it does not arrive whole.
    await admin.route('**/v1/imports/departments?progress=true', async (route) => {
      const answer = await route.fetch()
      const said = await answer.text()
      await route.fulfill({ response: answer, body: said.slice(0, said.lastIndexOf('{') + 5) })
    })
    await admin.getByRole('button', { name: 'Bring it in (2)' }).click()
    await expectText(admin.locator('.lost'), /The connection was lost.*never a part/)
    await admin.getByRole('button', { name: 'Ask the audit trail' }).click()
    await expectText(admin.locator('.lost'), /all of it is in/)
    await accessible(admin, 'a lost import')
    await shot(admin, 'import-lost')
    await admin.getByRole('button', { name: 'Try it' }).click()
    await expectText(admin.locator('.counts'), /As before2/)

    // A file need not be full where it is not all: the answer says so, and where the next one is.
    const asked = []
    await admin.route('**/v1/exports/users?*', async (route) => {
      asked.push(new URL(route.request().url()).searchParams.get('after'))
      const answer = await route.fetch()
      const link = asked.length === 1 ? { link: '</v1/exports/users?after=zoe+%22z%22%2C+last&format=csv>; rel="next"' } : {}
      await route.fulfill({ response: answer, headers: { ...answer.headers(), ...link } })
    })
    await admin.getByRole('button', { name: 'Export Users as CSV' }).click()
    await admin.getByRole('button', { name: 'File 2' }).click()
    await admin.getByRole('button', { name: 'File 2' }).waitFor({ state: 'detached' })
    assert.deepEqual(asked, [null, 'zoe "z", last'])
  }))

/**
 * slowly chooses a file that is read at once, and over it one that is not: what cannot be tried yet is not what is tried. The
 * one before it is read last of all, and is nobody's any more.
 */
async function slowly(admin) {
  const field = admin.getByLabel(/CSV 或 JSON/)
  const trying = admin.getByRole('button', { name: '试运行' })
  await admin.evaluate(() => {
    const read = File.prototype.arrayBuffer
    window.readers = []
    File.prototype.arrayBuffer = function () {
      return new Promise((resolve) => window.readers.push(() => resolve(read.call(this))))
    }
  })
  await field.setInputFiles(file('other.csv', ['user_id,name,role,skill_tags', 'other,Other,agent,vpn']))
  await trying.and(admin.locator(':disabled')).waitFor()
  await field.setInputFiles(agents)
  await admin.waitForFunction(() => window.readers.length === 2)
  await admin.evaluate(() => window.readers[1]())
  await expectText(admin.locator('.file-name'), /agents\.csv/)
  await admin.evaluate(() => window.readers[0]())
  await trying.and(admin.locator(':enabled')).waitFor()
}

/** count is whether the last of those brought in is there. */
async function count(token) {
  const answer = await fetch(url + '/v1/users?q=brought_599', { headers: { Authorization: 'Bearer ' + token } })
  return (await answer.json()).items.length
}
