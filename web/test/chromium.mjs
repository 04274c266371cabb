import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

// What Playwright turns off, which has one list of these, and the pages that Chromium's own window has: each visit is a window
// to it, and nobody sees one.
const features = [
  'DestroyProfileOnBrowserClose', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'MediaRouter', 'OptimizationHints',
  'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
  'PreloadTopChromeWebUI', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup',
]

/** The Chromium that the pages are tested in. */
export const program = {
  executablePath: process.env.USHER_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--disable-features=' + features.join(','),
  ],
}

// Run by itself, it is one browser for all files of tests, each with windows of its own, until standard input ends.
if (argv[1] === fileURLToPath(import.meta.url)) {
  const server = await chromium.launchServer(program)
  console.log(server.wsEndpoint())
  process.stdin.resume().on('end', () => void server.close())
}
