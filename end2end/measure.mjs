// What a cadre waits for on a cheap phone: taps, bytes and seconds of the log page, over 400 kbit/s with 400 ms latency on a
// processor slowed four times. `make measure` prints the table of docs/performance.md; nothing here is a test.
import { chromium } from '@playwright/test'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scale } from './faults/scale.mjs'

const target = process.env.CARGO_TARGET_DIR ?? '../target'
const program = process.env.PUFA_BINARY ?? `${target}/release/pufa`
const folder = mkdtempSync(join(tmpdir(), 'pufa-measure-'))
const port = 20_000 + Math.floor(Math.random() * 20_000)
const env = { ...process.env, PUFA_TODAY: '2021-12-20', PUFA_DATABASE_URL: `sqlite:${folder}/pufa.db`, PUFA_DATA_DIR: folder }
spawnSync(program, ['demo'], { env })
const server = spawn(program, ['serve', '--listen', `127.0.0.1:${port}`], { env, stdio: 'ignore' })
const address = `http://127.0.0.1:${port}`
while (!(await fetch(`${address}/readyz`).then((answer) => answer.ok, () => false))) await new Promise((resolve) => setTimeout(resolve, 50))

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath: process.env.PUFA_CHROMIUM ?? '/usr/bin/chromium', args })
const known = await browser.newContext()
const page = await known.newPage()
await page.goto(`${address}/login`)
await page.fill('input[name=name]', 'cadre')
await page.fill('input[name=password]', 'pufa-demo-2021')
await page.click('button.primary, form button')
await page.waitForURL((url) => !url.pathname.startsWith('/login'))
const cookies = (await known.cookies()).filter((cookie) => cookie.name !== 'pufa_said')

/** One first visit with an empty cache over the thin line: seconds until things can be done, bytes over the wire. */
async function visit(path) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  await context.addCookies(cookies)
  const first = await context.newPage()
  const cdp = await context.newCDPSession(first)
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8 })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const wire = await scale(port)
  const start = performance.now()
  const seconds = () => Math.round(performance.now() - start) / 1000
  await first.goto(wire.address + path, { waitUntil: 'commit' })
  await first.locator('.savebar button').waitFor()
  const seen = seconds()
  await first.locator('.asked input').first().fill('3')
  const usable = seconds()
  await first.waitForLoadState('load')
  const loaded = seconds()
  await first.locator('button.step:not(.asleep)').first().waitFor({ timeout: 60_000 }).catch(() => {})
  const awake = seconds()
  const page = wire.told.bytes
  // The service worker takes its own copies behind the page.
  await first.evaluate(() => navigator.serviceWorker.ready).catch(() => {})
  await first.waitForTimeout(3_000)
  await context.close()
  wire.close()
  return { seen, usable, loaded, awake, page, whole: wire.told.bytes }
}

const runs = []
for (let turn = 0; turn < 3; turn += 1) runs.push(await visit('/log/leaflet'))
const median = (name) => runs.map((run) => run[name]).sort((a, b) => a - b)[1]
console.log('| first visit of the log form, 400 kbit/s, 400 ms, 4× slower | median |\n|---|---:|')
console.log(`| the form is seen, s | ${median('seen')} |\n| a count is typed, s | ${median('usable')} |\n| loaded, s | ${median('loaded')} |`)
console.log(`| steppers awake, s | ${median('awake')} |\n| bytes until then | ${median('page')} |\n| bytes with the service worker's copies | ${median('whole')} |`)

await browser.close()
server.kill()
rmSync(folder, { recursive: true, force: true })
