import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before } from 'node:test'
import { chromium } from 'playwright-core'
import { program } from './chromium.mjs'

/** The demonstration that is served, as the Go test tells: its address and people, by "tenant username", and the program itself. */
export const demo = JSON.parse(process.env.USHER_DEMO)
export const { url, people } = demo

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
let browser

before(async () => {
  browser = await (process.env.USHER_BROWSER ? chromium.connect(process.env.USHER_BROWSER) : chromium.launch(program))
})
after(() => browser?.close())

/** What people sit in front of. */
const screens = {
  phone: { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  desk: { viewport: { width: 1440, height: 900 } },
}

/** What a browser says of a network that went, and of a server. */
const lost = {
  offline: /ERR_INTERNET_DISCONNECTED/,
  gone: /ERR_(CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|FAILED)|WebSocket connection to/,
}

/**
 * visit opens a browser of its own for f. At the end nothing may have gone wrong in its consoles, and nothing may have been
 * asked of anybody but the server, which is the demonstration where the test has none of its own. expected are the codes of
 * refusals that the test means to see; 'offline' where the network goes, 'gone' where the server does.
 */
export async function visit({ screen = 'desk', locale = 'zh-CN', theme = 'light', expected = [], server = demo }, f) {
  const context = await browser.newContext({ ...screens[screen], locale, colorScheme: theme, reducedMotion: 'reduce' })
  const wrong = []
  context.on('request', (r) => {
    if (!r.url().startsWith(server.url + '/') && !/^(data|blob):/.test(r.url())) wrong.push('asked somebody else: ' + r.url())
  })
  context.on('console', (m) => {
    const refused = /the server responded with a status of (\d+)|WebSocket .*HTTP Authentication failed/.exec(m.text())
    if (refused && !refused[1]) refused[1] = '401' // what Chromium calls it of a live connection
    if (refused?.[1] === '401' && /\/v1\/auth\/login(\/otp)?$/.test(m.location().url)) return // the second factor is asked for so, or another code of it
    if (m.type() === 'error' && !(refused && expected.includes(Number(refused[1]))) && !expected.some((e) => lost[e]?.test(m.text()))) {
      wrong.push(`console: ${m.text()} ${m.location().url}`)
    }
  })
  context.on('weberror', (e) => wrong.push('error: ' + e.error().stack))
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  try {
    await f(page, context)
    assert.deepEqual(wrong, [])
  } catch (e) {
    if (process.env.USHER_SHOTS) await shot(page, 'failed-' + Date.now())
    throw wrong.length > 0 ? new Error(`${e.message}\n${wrong.join('\n')}`, { cause: e }) : e
  } finally {
    await context.close()
  }
}

/** signIn signs somebody in on the page where they work. */
export async function signIn(page, who, where = '', server = demo) {
  const [tenant, username] = who.split(' ')
  const { password, secret } = server.people[who]
  await page.goto(`${server.url}${where}/t/${tenant}`)
  await page.fill('[name=username]', username)
  await page.fill('[name=password]', password)
  await page.keyboard.press('Enter')
  if (secret) await showFactor(page, secret)
}

/** showFactor enters a code. One is good once: where another test has just used it, the next one is, which counts already. */
async function showFactor(page, secret) {
  for (const ahead of [0, 30_000]) {
    await page.fill('[name=code]', totp(secret, Date.now() + ahead))
    const answer = page.waitForResponse((r) => r.url().endsWith('/v1/auth/login/otp'))
    await page.keyboard.press('Enter')
    if ((await answer).ok()) return
  }
}

/** totp is the present code of a secret (RFC 6238), as an authenticator shows it. */
export function totp(secret, at = Date.now()) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const code = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff
  return String(code % 1_000_000).padStart(6, '0')
}

/** choose finds something by its name in a field that searches, and takes it. */
export async function choose(page, field, text) {
  await field.fill(text)
  const options = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
  await options.filter({ hasNotText: text }).first().waitFor({ state: 'detached' }) // what was there before the search
  await options.filter({ hasText: text }).first().click()
}

/**
 * looks are how a page is read by axe-core. Colours depend on the theme and names on the language, neither on the other: each
 * once is enough. What no one has thought of is for make soak, which has USHER_LOOKS=all four.
 */
export const looks = [
  { locale: 'zh-CN', theme: 'light' },
  { locale: 'en', theme: 'dark' },
  ...(process.env.USHER_LOOKS === 'all' ? [{ locale: 'zh-CN', theme: 'dark' }, { locale: 'en', theme: 'light' }] : []),
]

/** look has what is loaded next on a page speak a language, and be light or dark. */
export function look(page, { locale, theme }) {
  return page.evaluate(([l, t]) => (localStorage.setItem('usher.language', l), localStorage.setItem('usher.theme', t)), [locale, theme])
}

/** accessible fails where axe-core finds something serious or critical. */
export async function accessible(page, what) {
  // One that goes round and round is never finished, not even where it has gone meanwhile.
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.effect?.getComputedTiming().endTime === Infinity || a.finished.catch(() => {}))))
  // The policy of the page lets no text be run as a script; this comes in through the debugger.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }))
  const bad = violations.filter((v) => ['serious', 'critical'].includes(v.impact))
  assert.deepEqual(bad.map((v) => `${what}: ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160) + ' ' + n.any.map((a) => a.message).join(' ')).join('\n')}`), [])
}

/** shot keeps a picture where the documentation has its pictures, when asked to. */
export async function shot(page, name) {
  const folder = process.env.USHER_SHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}
