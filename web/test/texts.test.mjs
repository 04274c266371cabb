import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const web = new URL('../', import.meta.url)

/** catalogue reads the texts of a file: 'key': 'text'. */
function catalogue(path) {
  const source = readFileSync(new URL(path, web), 'utf8')
  return new Map([...source.matchAll(/^ {2}'([^']+)':\s*'((?:[^'\\]|\\.)*)',$/gm)].map(([, key, text]) => [key, text]))
}

function sources(folder) {
  return readdirSync(new URL(folder, web), { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? sources(`${folder}/${e.name}`) : /\.tsx?$/.test(e.name) && !/text\/(zh-CN|en)\.ts$/.test(`${folder}/${e.name}`) && !e.name.endsWith('.d.ts') ? [readFileSync(new URL(`${folder}/${e.name}`, web), 'utf8')] : [],
  ).flat()
}

/** Where texts lie, and who may say them: what all say, what a program says, and what a part of the console has of its own. */
const parts = readdirSync(new URL('console', web)).filter((part) => existsSync(new URL(`console/${part}/text.ts`, web)))
const catalogues = { shared: ['h5', 'console', 'shared'], h5: ['h5', 'shared'], console: ['console', 'shared'] }
for (const part of parts) catalogues[`console/${part}`] = [`console/${part}`]

for (const [name, folders] of Object.entries(catalogues)) {
  const zh = catalogue(`${name}/text/zh-CN.ts`)
  const en = catalogue(`${name}/text/en.ts`)

  test(`${name}: every text is there in both languages, with the same places to fill`, () => {
    assert.ok(zh.size > 5)
    assert.deepEqual([...en.keys()], [...zh.keys()])
    const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(([p]) => p).sort()
    for (const [key, text] of zh) assert.deepEqual(places(en.get(key)), places(text), key)
  })

  test(`${name}: every text is used`, () => {
    const source = folders.flatMap(sources).join('\n')
    const prefixes = [...source.matchAll(/`([\w.-]+\.)\$\{/g)].map(([, prefix]) => prefix)
    const unused = [...zh.keys()].filter((key) => !source.includes(`'${key}'`) && !prefixes.some((p) => key.startsWith(p)))
    assert.deepEqual(unused, [])
  })
}
