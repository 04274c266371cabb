import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { demo, totp } from './browser.mjs'

/** The password of everybody on such a server. */
export const password = 'seven purple lamps on the roof'

const { USHER_DEMO: _, ...rest } = process.env // to the program it would be a flag

/**
 * serve gives f a server of its own on an empty folder, which waits for its first administrator at link, and which one may
 * kill and have back at the same address. platform is the name of an administrator of the platform that it has already.
 */
export async function serve(f, platform = '') {
  const data = mkdtempSync(join(tmpdir(), 'usher-pages-'))
  const server = { people: {}, link: '' }
  if (platform) {
    execFileSync(demo.binary, ['init', '--data', data, '--platform', '--admin', platform, '--password-file', '-'], { env: rest, input: password, stdio: ['pipe', 'ignore', 'inherit'] })
  }
  let running = await start(server, ['--data', data, '--listen', '127.0.0.1:0'])
  server.kill = async () => {
    running.kill('SIGKILL')
    await once(running, 'exit')
  }
  server.again = async () => {
    running = await start(server, ['--data', data, '--listen', new URL(server.url).host])
  }
  try {
    await f(server)
  } finally {
    if (running.exitCode === null && running.signalCode === null) await server.kill()
    rmSync(data, { recursive: true, force: true })
  }
}

/** start returns the process once it serves, and notes what it printed. */
async function start(server, flags) {
  // In one stream, the link stands before the word that it serves.
  const running = spawn('sh', ['-c', 'exec "$0" "$@" 2>&1', demo.binary, 'serve', ...flags], { env: rest, stdio: ['ignore', 'pipe', 'inherit'] })
  const said = []
  const serves = new Promise((resolve, reject) => {
    running.on('exit', () => reject(new Error('it ended:\n' + said.join('\n'))))
    createInterface({ input: running.stdout }).on('line', (line) => {
      said.push(line)
      if (/^http\S+\/setup#/.test(line)) server.link = line
      const url = / serves (\S+)/.exec(line)?.[1]
      if (url) resolve(url)
    })
  })
  serves.catch(() => undefined) // it is killed some time, and nobody waits any more
  server.url = await serves
  return running
}

/** found makes the tenant acme of an empty server, with an administrator, an agent and an employee, and returns the administrator's token. */
export async function found(server) {
  const first = await ask(server, '/v1/setup', { secret: server.link, tenant: 'acme', username: 'admin', password })
  const { secret } = await ask(server, '/v1/auth/login/enrol', { challenge: first.challenge })
  const { access_token: token } = await ask(server, '/v1/auth/login/otp', { challenge: first.challenge, code: totp(secret) })
  server.people['acme admin'] = { password, secret }
  for (const [username, name, role] of [['agent', '林坐席', 'agent'], ['employee', '陈员工', 'user']]) {
    const { id } = await ask(server, '/v1/users', { username, name, roles: [role] }, token)
    const { link } = await ask(server, `/v1/users/${id}/password-link`, undefined, token)
    await ask(server, '/v1/auth/links/redeem', { link, password })
    server.people['acme ' + username] = { password, secret: '' }
  }
  return token
}

/** ask posts JSON and returns the answer's, which must be good. Where it was too much at once, it waits as it is told to. */
export async function ask(server, path, body, token = '', more = {}) {
  const headers = { 'Content-Type': 'application/json', ...more, ...(token ? { Authorization: 'Bearer ' + token } : {}) }
  const answer = await fetch(server.url + path, { method: 'POST', headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  const text = await answer.text()
  if (answer.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(answer.headers.get('Retry-After'))))
    return ask(server, path, body, token, more)
  }
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}
