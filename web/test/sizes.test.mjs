import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

const dist = new URL('../../internal/console/dist/', import.meta.url)

/** loaded are the files that a page names, by their ending, in bytes as they travel. */
function loaded(program) {
  const page = readFileSync(new URL(`${program}/index.html`, dist), 'utf8')
  const sizes = { js: 0, css: 0, requests: 1 }
  for (const [, name] of page.matchAll(/(?:src|href)="[^"]*\/assets\/([^"]+)"/g)) {
    const kind = name.endsWith('.js') ? 'js' : name.endsWith('.css') ? 'css' : 'other'
    sizes[kind] = (sizes[kind] ?? 0) + gzipSync(readFileSync(new URL(`${program}/assets/${name}`, dist)), { level: 9 }).length
    sizes.requests++
  }
  return sizes
}

test('the employee page is at most 35 kB of script and 8 kB of style, in at most four requests', () => {
  const sizes = loaded('h5')
  assert.ok(sizes.js > 0 && sizes.js <= 35_000 && sizes.css <= 8_000 && sizes.requests <= 4, JSON.stringify(sizes))
})

test('the shell of the console is at most 260 kB', () => {
  const sizes = loaded('console')
  assert.ok(sizes.js > 0 && sizes.js <= 260_000, JSON.stringify(sizes))
})
