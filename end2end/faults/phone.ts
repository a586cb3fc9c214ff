import { chromium, expect, type BrowserContext, type Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import config from '../playwright.config'

/** An entry as the phone knows it. */
export interface Kept {
  id: string
  body: string
  state: 'waiting' | 'refused' | 'sent'
  why?: string
  pictures: { sha: string; state: string; size: number; sent: number; why?: string }[]
}

/** A phone with Chromium, whose profile outlives its browser: the browser can be killed and opened again. */
export class Phone {
  page!: Page
  private context?: BrowserContext
  private folder = mkdtempSync(join(tmpdir(), 'pufa-phone-'))

  /** `ahead`: how many hours its clock is wrong. */
  constructor(private address: string, private ahead = 0) {}

  async open() {
    this.context = await chromium.launchPersistentContext(this.folder, {
      ...config.use?.launchOptions,
      baseURL: this.address,
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 360, height: 740 },
      reducedMotion: 'reduce',
    })
    if (this.ahead) {
      await this.context.addInitScript((milliseconds) => {
        const RealDate = Date
        const shifted = class extends RealDate {
          constructor(...given: unknown[]) {
            if (given.length) super(...(given as [number]))
            else super(RealDate.now() + milliseconds)
          }
          static now() {
            return RealDate.now() + milliseconds
          }
        }
        globalThis.Date = shifted as DateConstructor
      }, this.ahead * 3_600_000)
    }
    this.page = this.context.pages()[0] ?? (await this.context.newPage())
    this.page.setDefaultTimeout(20_000)
  }

  /** A second tab. */
  async tab(): Promise<Page> {
    if (!this.context) throw new Error('the browser is closed')
    return this.context.newPage()
  }

  /** As when the system ends it to get memory: without a chance to tidy up. */
  async kill() {
    try {
      execFileSync('pkill', ['-9', '-f', `user-data-dir=${this.folder}`])
    } catch {
      // It was gone already.
    }
    await this.context?.close().catch(() => {})
    this.context = undefined
  }

  async close() {
    await this.context?.close().catch(() => {})
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  async logIn(who: string) {
    await this.page.goto('/login')
    await this.page.locator('input[name="name"]').fill(who)
    await this.page.locator('input[name="password"]').fill('pufa-demo-2021')
    // Without it the session would end with the browser, and every kill would be a log-in as well.
    await this.page.locator('input[name="long"]').check()
    await this.page.getByRole('button', { name: '登录' }).click()
    await expect(this.page).not.toHaveURL(/login/)
  }

  /** Opens a page as the cadre. A browser that was killed soon after its session changed has forgotten it: then by logging in. */
  async go(path: string) {
    try {
      await this.page.goto(path)
    } catch (error) {
      // On a busy machine a browser that was killed before may end by itself: one more kill, and it is opened again.
      if (!this.page.isClosed()) throw error
      await this.kill()
      await this.open()
      await this.page.goto(path)
    }
    if (!/login/.test(this.page.url())) return
    await this.logIn('cadre')
    await this.page.goto(path)
  }

  /** The session's cookies, to be taken away and given back. */
  async cookies() {
    return this.context?.cookies() ?? []
  }

  async forget() {
    await this.context?.clearCookies()
  }

  async remember(cookies: Awaited<ReturnType<BrowserContext['cookies']>>) {
    await this.context?.addCookies(cookies)
  }

  /** Waits until the log form is kept for days without a network. */
  async settle() {
    await this.page.goto('/log')
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready
      for (let turn = 0; turn < 200; turn += 1) {
        for (const name of await caches.keys()) {
          if (name.startsWith('pufa-') && (await (await caches.open(name)).match('/outbox/log'))) return
        }
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error('the shell is not kept')
    })
    // Chromium writes cookies to the disk half a minute late, or when it ends.
    await this.context?.close()
    await this.open()
  }

  /** Fills in the log form and saves; `mark` goes into the note. Answers once the phone says where the entry is. */
  async log(type: string, value: number, mark: string, pictures: Buffer[], day?: string): Promise<'sent' | 'kept'> {
    const { page } = this
    await this.go(`/log/${type}`)
    await this.fillIn(type, value, mark, pictures, day)
    await page.getByRole('button', { name: /^保存/ }).click()
    const kept = page.locator('.said.kept')
    await Promise.race([page.waitForURL(/\/activities\/[0-9a-f-]{36}$/), kept.waitFor()])
    return (await kept.isVisible().catch(() => false)) ? 'kept' : 'sent'
  }

  async fillIn(type: string, value: number, mark: string, pictures: Buffer[], day?: string) {
    const { page } = this
    await expect(page.locator('form.outbox')).toHaveAttribute('data-awake', '1')
    await page.locator(`input[name="value.${type}"]`).fill(String(value))
    if (day) await page.locator('input[name="date"]').fill(day)
    await page.getByText('地点、主办、经办人、备注').click()
    await page.locator('textarea[name="note"]').fill(mark)
    if (pictures.length) {
      const files = pictures.map((buffer, place) => ({ name: `${mark}-${place}.png`, mimeType: 'image/png', buffer }))
      await page.locator('#f-pictures').setInputFiles(files)
      await expect(page.locator('#pictures li')).toHaveCount(pictures.length)
      await expect(page.locator('#pictures')).toHaveAttribute('aria-busy', 'false')
    }
  }

  /** What stands in the phone's outbox, sent or not. */
  async kept(account = 'cadre'): Promise<Kept[]> {
    return this.page.evaluate((name) => (globalThis as unknown as { outbox: { list(account: string): Promise<Kept[]> } }).outbox.list(name), account)
  }

  /** Opens the list and waits until nothing waits any more. */
  async drain() {
    await this.go('/outbox')
    await expect(async () => {
      const send = this.page.getByRole('button', { name: '现在上传' })
      const seen = `${this.page.url()} ${await this.page.locator('main').innerText()}`
      expect(await send.isVisible(), seen).toBe(true)
      await send.click({ timeout: 2_000 })
      const left = (await this.kept()).flatMap((entry) => [entry, ...entry.pictures]).filter((one) => one.state !== 'sent')
      expect(left.map((one) => `${one.state} ${one.why ?? ''}`), seen).toEqual([])
    }).toPass({ timeout: 60_000, intervals: [200, 500, 1_000] })
  }
}

/** The check sum of a PNG's chunk (ISO 3309); node has its own only since version 20. */
function crc32(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

/** A picture of coloured squares, another one for every number: a real PNG. */
export function drawing(number: number, width = 240, height = 180): Buffer {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  let state = number * 2654435761 + 1
  const shade = Array.from({ length: 48 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return [state >>> 24, (state >>> 16) & 255, (state >>> 8) & 255]
  })
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = shade[(Math.floor((y * 6) / height) * 8 + Math.floor((x * 8) / width)) % 48]
      for (let part = 0; part < 3; part += 1) rows[y * (width * 3 + 1) + 1 + x * 3 + part] = colour[part] ^ ((x * y + number) & 7)
    }
  }
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
    const whole = Buffer.alloc(body.length + 8)
    whole.writeUInt32BE(data.length)
    body.copy(whole, 4)
    whole.writeUInt32BE(crc32(body), body.length + 4)
    return whole
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}
