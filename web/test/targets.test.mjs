import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseAst } from 'vite'

// What the browsers of the two programs do not know yet: Chrome 87 and Safari 14, Chrome 107 and Safari 15.4.
const young = {
  syntax: ['StaticBlock', 'AccessorProperty', 'ImportAttribute', 'Decorator'],
  names: ['toSorted', 'toReversed', 'toSpliced', 'withResolvers', 'groupBy', 'fromAsync', 'isSubsetOf'],
}
const programs = {
  console: young,
  h5: {
    syntax: [...young.syntax, 'PrivateIdentifier'],
    names: [...young.names, 'at', 'hasOwn', 'findLast', 'findLastIndex', 'randomUUID', 'structuredClone'],
  },
}

/** nodes are all parts of a syntax tree. */
function* nodes(tree) {
  if (Array.isArray(tree)) for (const one of tree) yield* nodes(one)
  else if (tree && typeof tree === 'object' && tree.type) {
    yield tree
    for (const part of Object.values(tree)) yield* nodes(part)
  }
}

/** tooNew is what a browser of a program would stumble over in a part of a script, if anything. */
function tooNew(node, { syntax, names }, program) {
  if (syntax.includes(node.type)) return node.type
  if (node.type === 'VariableDeclaration' && /using$/.test(node.kind)) return node.kind
  if (node.type === 'PropertyDefinition' && node.static && program === 'h5') return 'a static field'
  if (node.type === 'Literal' && node.regex && (/\(\?<[=!]/.test(node.regex.pattern) || /v/.test(node.regex.flags))) return `/${node.regex.pattern}/${node.regex.flags}`
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && names.includes(node.callee.property.name)) return `.${node.callee.property.name}()`
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && names.includes(node.callee.name)) return `${node.callee.name}()`
  return undefined
}

for (const [program, limits] of Object.entries(programs)) {
  test(`${program}: no script has what the browsers that it is for do not know`, () => {
    const folder = new URL(`../../internal/console/dist/${program}/assets/`, import.meta.url)
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'))
    assert.ok(scripts.length > 0)
    const found = new Set()
    for (const name of scripts) {
      for (const node of nodes(parseAst(readFileSync(new URL(name, folder), 'utf8')))) {
        const what = tooNew(node, limits, program)
        if (what) found.add(`${name}: ${what}`)
      }
    }
    assert.deepEqual([...found], [])
  })
}
