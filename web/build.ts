import { resolve } from 'node:path'
import { defineConfig } from 'vite'

type Program = { name: string; base: string; target: string[]; jsxImportSource?: string }

/**
 * program says how one of the two is built. USHER_DIST is where to, for the test that builds anew and compares; what is
 * committed is what is embedded.
 */
export function program({ name, base, target, jsxImportSource = 'react' }: Program) {
  const dist = process.env.USHER_DIST ?? resolve(import.meta.dirname, '../internal/console/dist')
  return defineConfig({
    root: resolve(import.meta.dirname, name),
    base,
    oxc: { jsx: { runtime: 'automatic', importSource: jsxImportSource } },
    server: { proxy: { '/v1': { target: 'http://127.0.0.1:8080', ws: true } } },
    build: {
      outDir: resolve(dist, name),
      emptyOutDir: true,
      target,
      assetsInlineLimit: 0, // the policy of the page lets nothing in but files
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        // Components say "use client" for servers that draw pages; there is none here.
        onwarn: (warning, tell) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && tell(warning),
      },
    },
  })
}
