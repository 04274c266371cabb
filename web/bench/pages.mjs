// What the pages cost where it is felt. `make bench-web` runs it; docs/benchmarks.md keeps the figures. Nothing is asserted
// about time.
import { test } from 'node:test'
import { signIn, visit } from '../test/browser.mjs'
import { ask, found, password, serve } from '../test/server.mjs'

/** The networks that Chromium's own tools offer, in bytes a second and milliseconds for each request. */
const networks = {
  'Fast 3G (1.44 Mbit/s down, 0.675 up, 563 ms)': { downloadThroughput: 180_000, uploadThroughput: 84_375, latency: 562.5 },
  'Slow 3G (0.4 Mbit/s down, 0.4 up, 2000 ms)': { downloadThroughput: 50_000, uploadThroughput: 50_000, latency: 2000 },
}
const conversations = 500
const messages = 5000

/** throttle has a page use a network, with nothing in its cache. */
async function throttle(page, context, network) {
  const tools = await context.newCDPSession(page)
  await tools.send('Network.enable')
  await tools.send('Network.setCacheDisabled', { cacheDisabled: true })
  await tools.send('Network.emulateNetworkConditions', { offline: false, ...network })
}

/** What is looked for: the shape of the page, who one is, and what one can do there. */
const marks = { shape: '[name=password], .tile', greeting: '[name=password], .menu', ready: '[name=password], .tile:not(.ghost)' }

/** shown is when a page first painted anything, and when each of the marks was there, in milliseconds since it was asked for. */
async function shown(page, address) {
  await page.goto(address)
  await page.waitForFunction(() => window.seen?.ready)
  return page.evaluate(() => ({ painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, ...window.seen }))
}

/** look waits in the page itself: what asks from outside asks late. */
function look(marks) {
  window.seen = {}
  const wait = () => {
    for (const [name, selector] of Object.entries(marks)) if (document.querySelector(selector)) window.seen[name] ??= Math.round(performance.now())
    if (!window.seen.ready) requestAnimationFrame(wait)
  }
  wait()
}

/**
 * worked is what f tells, and the processor's time that the page itself took for its longest frame, in milliseconds: the frame
 * may have been longer because something else had the processor.
 */
async function worked(page, f) {
  const tools = await page.context().browser().newBrowserCDPSession()
  const took = []
  tools.on('Tracing.dataCollected', ({ value }) => took.push(...value.filter((e) => e.name === 'ProxyMain::BeginMainFrame' && e.tdur).map((e) => e.tdur / 1000)))
  await tools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['cc'] } })
  const told = await f()
  const complete = new Promise((resolve) => tools.once('Tracing.tracingComplete', resolve))
  await tools.send('Tracing.end')
  await complete
  await tools.detach()
  return { ...told, longestWork: Math.max(0, ...took) }
}

/** scroll moves a box through all that it holds, and tells how long its frames took, in milliseconds. */
function scroll(page, selector, up) {
  return page.evaluate(
    async ([selector, up]) => {
      const box = document.querySelector(selector)
      box.scrollTo(0, up ? box.scrollHeight : 0)
      const long = []
      new PerformanceObserver((list) => long.push(...list.getEntries().map((e) => e.duration))).observe({ type: 'long-animation-frame' })
      const frames = []
      let before = await new Promise(requestAnimationFrame)
      for (let at = 0; at < 600; at++) {
        box.scrollTop += up ? -Math.max(300, box.scrollHeight / 600) : Math.max(300, box.scrollHeight / 600)
        const now = await new Promise(requestAnimationFrame)
        frames.push(now - before)
        before = now
        if (up ? box.scrollTop === 0 : box.scrollTop + box.clientHeight >= box.scrollHeight - 1) break
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
      frames.sort((a, b) => a - b)
      return { frames: frames.length, p50: frames[frames.length >> 1], p99: frames[Math.floor(frames.length * 0.99)], longest: frames.at(-1), over50: frames.filter((f) => f > 50).length, longAnimationFrames: long.length, longestOfThem: Math.max(0, ...long) }
    },
    [selector, up],
  )
}

/** fill makes conversations that wait, and one with many messages, over the API. */
async function fill(server) {
  const token = await found(server)
  const file = 'username,name,roles\n' + Array.from({ length: conversations }, (_, i) => `e${i},员工${i},user\n`).join('')
  await fetch(server.url + '/v1/imports/users', { method: 'POST', body: file, headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'text/csv' } })
  const get = async (path) => (await fetch(server.url + path, { headers: { Authorization: 'Bearer ' + token } })).json()
  const { items: skills } = await get('/v1/skills')
  const agent = (await ask(server, '/v1/auth/login', { tenant: 'acme', username: 'agent', password })).access_token
  const busy = await fetch(server.url + '/v1/me/agent', { method: 'PUT', body: '{"status":"busy"}', headers: { Authorization: 'Bearer ' + agent, 'Content-Type': 'application/json' } })
  if (!busy.ok) throw new Error(await busy.text())
  let next = ''
  let made
  do {
    const page = await get(`/v1/users?limit=200&cursor=${next}`)
    for (const user of page.items.filter((u) => /^e\d/.test(u.username))) {
      made = await ask(server, '/v1/conversations', { requester: user.id, skill: skills[0].id, subject: '打印机无法连接 ' + user.name, text: '三楼的打印机又连不上了，重启过两次。' }, agent)
    }
    next = page.next
  } while (next)
  await ask(server, `/v1/conversations/${made.id}/take`, undefined, agent, { 'If-Match': `"${made.version}"` })
  for (let i = 0; i < messages; i += 8) {
    await Promise.all(
      Array.from({ length: 8 }, (_, j) => ask(server, `/v1/conversations/${made.id}/messages`, { kind: 'text', text: `第 ${i + j} 步：` + '请检查网络设置。'.repeat(((i + j) % 7) + 1) }, agent)),
    )
  }
  return made
}

test('the employee page over a throttled network', () =>
  serve(async (server) => {
    await found(server)
    for (const [name, network] of Object.entries(networks)) {
      await visit({ server, screen: 'phone' }, async (page, context) => {
        await context.addInitScript(look, marks)
        await throttle(page, context, network)
        console.log(name, 'sign-in', await shown(page, server.url + '/h5/t/acme'))
        await page.fill('[name=username]', 'employee')
        await page.fill('[name=password]', password)
        await page.keyboard.press('Enter')
        await page.locator('.tile:not(.ghost)').first().waitFor()
        console.log(name, 'home, signed in', await shown(page, server.url + '/h5'))
      })
    }
  }))

test('the workbench with many conversations and a long one', () =>
  serve(async (server) => {
    const long = await fill(server)
    await visit({ server }, async (page) => {
      await signIn(page, 'acme agent', '', server)
      await page.getByRole('tab', { name: /排队/ }).click()
      const rows = page.locator('.rows .conversation:not(.ghost)')
      await rows.first().waitFor()
      for (const more = page.locator('.rows').getByRole('button', { name: '加载更多' }); (await more.count()) > 0; ) {
        const before = await rows.count()
        await more.click()
        await page.waitForFunction((n) => document.querySelectorAll('.rows .conversation').length > n, before)
      }
      console.log('list of', await rows.count(), await worked(page, () => scroll(page, '.rows', false)))
      await page.goto(`${server.url}/desk/${long.id}`)
      await page.locator('.said:not(.ghost)').first().waitFor()
      for (const more = page.getByRole('button', { name: '查看更早的消息' }); (await more.count()) > 0; ) {
        const before = await page.locator('.said').count()
        await more.click()
        await page.waitForFunction((n) => document.querySelectorAll('.said').length > n, before)
      }
      console.log('thread of', await page.locator('.said').count(), await worked(page, () => scroll(page, '.messages', true)))
      console.log('and down again', await worked(page, () => scroll(page, '.messages', false)))
      console.log('a key in the composer', await typed(page))
    })
  }))

/** typed is how long the frames after keys took, with all that open. */
async function typed(page) {
  await page.locator('.composer textarea').click()
  const frames = page.evaluate(async () => {
    const deltas = []
    let before = await new Promise(requestAnimationFrame)
    for (let i = 0; i < 120; i++) {
      const now = await new Promise(requestAnimationFrame)
      deltas.push(now - before)
      before = now
    }
    return Math.max(...deltas)
  })
  await page.keyboard.type('请把错误截图发给我', { delay: 20 })
  return { longest: await frames }
}
