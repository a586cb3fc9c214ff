import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import { complaints, expectAccessible, logIn } from './people'

/** Every address there is, from the program's own table of pages: whoever adds a page meets it here. */
const table = readFileSync(new URL('../../src/app.rs', import.meta.url), 'utf8')
const patterns = [...table.matchAll(/path!\("([^"]+)"\)/g)].map((found) => found[1])

/** The first link on a page that leads to such an address. */
async function linked(page: Page, from: string, address: RegExp): Promise<string> {
  await page.goto(from)
  const all = await page.locator('main a[href]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
  const found = all.find((href) => address.test(href))
  expect(found, `${from} has a link like ${address}`).toBeTruthy()
  return found ?? ''
}

/** A row of the responsibility list; the demo has none, so it is made once. */
async function responsibility(page: Page): Promise<string> {
  const list = '/responsibilities?unit=500113108&year=2021'
  await page.goto(list)
  if ((await page.locator('main a[href^="/responsibilities/"]').count()) === 0) {
    await page.locator('[name=content]').fill('禁毒法')
    await page.locator('form[method=post] [name=lead]').fill('禁毒办')
    await page.locator('[name=deadline]').fill('2021-06-26')
    await page.locator('form[method=post] button.primary').click()
    await expect(page.getByRole('status')).toBeVisible()
  }
  return linked(page, list, /^\/responsibilities\/\d+$/)
}

/** A report of the town's year, made where there is none yet. */
async function report(page: Page): Promise<string> {
  const list = '/report?unit=500113108&year=2021'
  await page.goto(list)
  if ((await page.locator('main a[href^="/reports/"]:not([href*="new"])').count()) === 0) {
    await page.goto('/reports/new?unit=500113108&period=2021')
    await page.locator('form[method=post] button.primary').click()
    await expect(page.getByRole('status')).toBeVisible()
  }
  return linked(page, list, /^\/reports\/\d+$/)
}

/** An entry of a roster that no figure is counted from; the demo has none, so it is made once. */
async function entry(page: Page): Promise<string> {
  const list = '/rosters/model_household?unit=500113108210'
  await page.goto(list)
  if ((await page.locator('main table a').count()) === 0) {
    await page.locator('form[method=post] [name=name]').fill('示例户')
    await page.locator('form[method=post] [name=from]').fill('2021-03-01')
    await page.locator('form[method=post] button.primary').click()
    await expect(page.getByRole('status')).toBeVisible()
  }
  return linked(page, list, /^\/rosters\/model_household\/\d+$/)
}

/** Rules of an inspection with one item; made once. */
async function inspection(page: Page): Promise<string> {
  await page.goto('/inspection')
  if ((await page.locator('main table a').count()) === 0) {
    await page.locator('[name=title]').fill('2021年普法考核')
    await page.locator('[name=from]').fill('2021-01-01')
    await page.locator('[name=to]').fill('2021-12-31')
    await page.locator('form[method=post] button.primary').click()
    await page.locator('#paste [name=rows]').fill('序号\t考核内容\t分值\t佐证材料\n1\t开展宪法宣传\t5\t通知、照片\n')
    await page.locator('#paste button').first().click()
    await page.locator('#paste button.primary').click()
    await expect(page.getByRole('status')).toBeVisible()
  }
  return linked(page, '/inspection', /^\/inspection\/\d+$/)
}

const uuid = '[0-9a-f-]{36}'

/** A ledger that waits to be stored, with a row that is right and one that is wrong. */
async function ledger(page: Page): Promise<string> {
  await page.goto('/import')
  await page.locator('[name=rows]').fill('日期\t村\t横幅\t经费\n2021-12-04\t天坪村\t3\t60\n2021-13-04\t天坪村\t3\t60\n')
  await page.locator('form[method=post] button.primary').click()
  await expect(page.locator('main table').first()).toBeVisible()
  return new URL(page.url()).pathname
}

/** A table that was sent; the demo has none, so one is sent once. */
async function sent(page: Page): Promise<string> {
  const list = '/tables?unit=500113108&year=2021&rows=unit'
  await page.goto(list)
  if ((await page.locator('main a[href^="/tables/sent/"]').count()) === 0) {
    await page.locator('form:has(input[name=do][value=send]) button').click()
    await expect(page.getByRole('status')).toBeVisible()
  }
  return linked(page, list, new RegExp(`^/tables/sent/${uuid}$`))
}

/** A form to be filled: our own table, sent back once. */
async function template(page: Page): Promise<string> {
  const list = '/tables/templates?unit=500113108'
  await page.goto(list)
  if ((await page.locator('main a[href^="/tables/templates/"]').count()) === 0) {
    const table = await page.request.get('/tables.xlsx?unit=500113108&year=2021&rows=unit')
    const mimeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    await page.locator('input[name=file]').setInputFiles({ name: '月报.xlsx', mimeType, buffer: await table.body() })
    await page.locator('form[enctype] button').click()
    await expect(page.getByRole('status')).toBeVisible()
  }
  return linked(page, list, new RegExp(`^/tables/templates/${uuid}$`))
}

/** A photo of an entry; the demo has none, so one is drawn and sent once. */
async function piece(page: Page): Promise<string> {
  const entry = await linked(page, '/activities', new RegExp(`^/activities/${uuid}$`))
  await page.goto(entry)
  if ((await page.locator('main .gallery a').count()) === 0) {
    const drawn = await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 320
      canvas.height = 240
      const pen = canvas.getContext('2d')
      for (let row = 0; row < 12; row++) {
        for (let column = 0; column < 16; column++) {
          if (pen) pen.fillStyle = `hsl(${(row * 37 + column * 53) % 360} 60% ${30 + ((row * 7 + column * 11) % 50)}%)`
          pen?.fillRect(column * 20, row * 20, 20, 20)
        }
      }
      return canvas.toDataURL('image/jpeg').split(',')[1]
    })
    await page.locator('input[name=file]').setInputFiles({ name: '现场.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(drawn, 'base64') })
    await page.locator('form.upload button').click()
    await expect(page.getByRole('status')).toBeVisible()
  }
  return linked(page, entry, new RegExp(`^/evidence/${uuid}/uses$`))
}

/** What stands for the variable parts of an address; several where pages of one kind differ much. */
const samples: Record<string, (page: Page) => Promise<string[]>> = {
  '/screen': async () => ['/screen?year=2021', '/screen?unit=500113108&year=2021', '/screen?unit=500113108210&year=2020'],
  '/': async () => ['/?year=2021', '/?unit=500113108&year=2021', '/?unit=500113108210&year=2021', '/?year=2020&theme=drugs'],
  '/accounts/:name': async () => ['/accounts/cadre', '/accounts/officer'],
  '/log/:type': async () => ['/log/lecture', '/log/leaflet'],
  '/activities': async () => ['/activities', '/activities?measure=banner&from=2021-06-01&to=2021-06-30', '/activities?unit=500113108210&theme=fraud&measure=exam',
    '/activities?year=2021&group=theme', '/activities?year=2021&col=measures&sort=-measure.leaflet',
    '/activities?year=2021&theme=drugs&theme=safety&q=宣传&precision=exact'],
  '/activities/:id': async (page) => [await linked(page, '/activities', new RegExp(`^/activities/${uuid}$`))],
  '/activities/:id/correct': async (page) => [`${await linked(page, '/activities', new RegExp(`^/activities/${uuid}$`))}/correct`],
  '/review': async () => ['/review', '/review?month=2021-06&show=asked'],
  '/review/doubles': async () => ['/review/doubles', '/review/doubles?month=2021-12'],
  '/closing': async () => ['/closing?year=2021', '/closing?period=2021-12'],
  '/activities/:id/brief': async (page) => [`${await linked(page, '/activities', new RegExp(`^/activities/${uuid}$`))}/brief`],
  '/activities/:id/evidence': async (page) => [`${await linked(page, '/activities', new RegExp(`^/activities/${uuid}$`))}/evidence`],
  '/evidence/:id/uses': async (page) => [await piece(page)],
  '/campaigns/:key/evidence': async () => ['/campaigns/2021-constitution/evidence'],
  '/indicators/:key/evidence': async () => ['/indicators/venues/evidence'],
  '/campaigns': async () => ['/campaigns?year=2021', '/campaigns?year=2019'],
  '/campaigns/year': async () => ['/campaigns/year?unit=500113108&year=2022', '/campaigns/year?unit=500113108&year=2021'],
  '/campaigns/:key': async () => ['/campaigns/2021-constitution'],
  '/campaigns/:key/brief': async () => ['/campaigns/2021-constitution/brief'],
  '/campaigns/:key/notice': async () => ['/campaigns/2021-constitution/notice'],
  '/campaigns/:key/materials': async () => ['/campaigns/2021-constitution/materials', '/campaigns/2021-fraud/materials'],
  '/materials/:id': async (page) => [await linked(page, '/campaigns/2021-constitution/materials', /^\/materials\/\d+$/)],
  '/campaigns/:key/edit': async () => ['/campaigns/2021-constitution/edit'],
  '/events/:id': async (page) => [
    await linked(page, '/calendar?month=2021-12', new RegExp(`^/events/${uuid}$`)),
    await linked(page, '/tasks', new RegExp(`^/events/${uuid}$`)),
  ],
  '/events/:id/sheet': async (page) => [`${await linked(page, '/calendar?month=2021-12', new RegExp(`^/events/${uuid}$`))}/sheet`],
  '/gaps': async () => ['/gaps?unit=500113108&as_of=2021-11-20', '/gaps?unit=500113108&plan=plan-9'],
  '/schedule/propose': async () => [
    '/schedule/propose?unit=500113108',
    '/schedule/propose?unit=500113108&indicator=villages_visited&from=2022-02-01&to=2022-04-30&per_day=2',
    '/schedule/propose?unit=500113108&indicator=villages_visited&from=2022-02-01&to=2022-02-03&per_week=1',
  ],
  '/countdowns/:key': async () => ['/countdowns/constitution-week', '/countdowns/general'],
  '/import/:id': async (page) => [await ledger(page)],
  '/rosters/:kind': async () => ['/rosters/law_literate?unit=500113108', '/rosters/vice_principal', '/rosters/venue?unit=500113108210'],
  '/rosters/:kind/import': async () => ['/rosters/law_literate/import?unit=500113108'],
  '/rosters/:kind/:id': async (page) => [await entry(page)],
  '/rosters/:kind/:id/evidence': async (page) => [`${await entry(page)}/evidence`],
  '/inspection/:id': async (page) => [await inspection(page)],
  '/inspection/:id/items/:item': async (page) => [await linked(page, await inspection(page), /^\/inspection\/\d+\/items\/\d+$/)],
  '/inspection/:id/items/:item/evidence': async (page) => [`${await linked(page, await inspection(page), /^\/inspection\/\d+\/items\/\d+$/)}/evidence`],
  '/inspection/:id/print': async (page) => [`${await inspection(page)}/print`],
  '/responsibilities/:id': async (page) => [await responsibility(page)],
  '/calendar': async () => [
    '/calendar?month=2021-12', '/calendar?month=2021-12&view=list', '/calendar?month=2024-02', '/calendar?view=year&year=2021',
    '/calendar?view=week&week=2021-12-02', '/calendar?view=week&week=2021-12-02&by=officer',
  ],
  '/events/new': async () => [
    '/events/new?campaign=2021-constitution',
    '/events/new?campaign=2021-constitution&every_unit=village&first=2021-12-01&pace=daily&number=2&starts=09:00&ends=11:00&leads=李强',
  ],
  '/key-dates': async () => ['/key-dates?year=2021', '/key-dates?year=2030'],
  '/key-dates/:key': async () => ['/key-dates/constitution-week', '/key-dates/elderly-day'],
  '/holidays': async () => ['/holidays?year=2021', '/holidays?year=2030'],
  '/goals/:indicator': async () => ['leaflets', 'broadcasts', 'villages_visited', 'pupils_reached', 'law_literate'].map(
    (key) => `/goals/${key}?unit=500113108&plan=plan-8&as_of=2021-10-15`,
  ),
  '/plans/:key/next': async () => ['/plans/plan-8/next?unit=500113108', '/plans/plan-9/next?unit=500113108'],
  '/plans/:key': async () => ['/plans/plan-8', '/plans/plan-9'],
  '/statement': async () => ['/statement?unit=500113108&year=2021', '/statement?unit=500113108210&year=2021', '/statement?year=2019'],
  '/tables': async () => ['/tables?unit=500113108&year=2021&rows=unit', '/tables?unit=500113108&year=2021&rows=time', '/tables?unit=500113108&year=2021&rows=measure',
    '/tables?unit=500113108&year=2021&part=Q2&rows=theme'],
  '/tables/sent/:id': async (page) => [await sent(page)],
  '/tables/templates/:id': async (page) => [await template(page)],
  '/report': async () => ['/report?year=2021', '/report?year=2021&style=exact', '/report?year=2020'],
  '/reports/:id': async (page) => [await report(page)],
  '/reports/:id/check': async (page) => [`${await report(page)}/check`],
  '/reports/:id/edit': async (page) => [`${await report(page)}/edit`],
  '/reports/:id/quotes': async (page) => [`${await report(page)}/quotes`],
  '/units/:code': async () => ['/units/500113108', '/units/500113108210', '/units/500113108-s1'],
  '/indicators/:key': async (page) => [await linked(page, '/indicators', /^\/indicators\/[\w-]+/)],
  '/targets/:id': async (page) => [await linked(page, '/plans/plan-8', /^\/targets\/\d+/)],
  '/catalogue/:kind': async () => ['/catalogue/measure', '/catalogue/type', '/catalogue/theme'],
  '/catalogue/:kind/:key': async (page) => [
    await linked(page, '/catalogue', /^\/catalogue\/measures?\//),
    await linked(page, '/catalogue', /^\/catalogue\/(activity-)?types?\//),
    await linked(page, '/catalogue', /^\/catalogue\/themes?\//),
  ],
}

/** Pages for who is not logged in; the walk of those who are does not reach them. */
const outside = ['/setup', '/login', '/link/:secret']

test.describe.configure({ mode: 'parallel' })

test('the table of pages is read', () => {
  expect(patterns.length).toBeGreaterThan(25)
  expect(new Set(patterns).size).toBe(patterns.length)
  for (const pattern of Object.keys(samples)) expect(patterns, 'no sample of a page that is gone').toContain(pattern)
})

for (const language of ['zh-CN', 'en']) {
  for (const half of [0, 1]) {
    test(`every page in ${language} is accessible and quiet, part ${half + 1}`, async ({ page }) => {
      const heard = complaints(page)
      await logIn(page, 'admin')
      await page.context().addCookies([{ name: 'pufa_lang', value: language, url: page.url() }])
      const inside = patterns.filter((pattern) => !outside.includes(pattern))
      for (const pattern of inside.filter((_, index) => index % 2 === half)) {
        const sample = samples[pattern]
        expect(sample ?? !pattern.includes(':'), `${pattern} needs a sample in ${test.info().file}`).toBeTruthy()
        const addresses = sample ? await sample(page) : [pattern]
        // In English the words differ and the pages' build does not: one of each kind.
        for (const address of language === 'en' ? addresses.slice(0, 1) : addresses) {
          const answer = await page.goto(address)
          expect(answer?.status(), address).toBe(200)
          await expect(page.locator('html')).toHaveAttribute('lang', language)
          await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1)
          // The demo says on each page what is invented.
          await expect(page.getByRole('contentinfo')).toContainText(language === 'en' ? 'Demo data' : '示例数据')
          await expectAccessible(page)
          expect(heard, address).toEqual([])
        }
      }
    })
  }

  test(`no page in ${language} scrolls sideways on a phone`, async ({ page }) => {
    await logIn(page, 'admin')
    await page.context().addCookies([{ name: 'pufa_lang', value: language, url: page.url() }])
    await page.setViewportSize({ width: 360, height: 740 })
    const wide: string[] = []
    for (const pattern of patterns.filter((pattern) => !outside.includes(pattern))) {
      const sample = samples[pattern]
      for (const address of sample ? await sample(page) : [pattern]) {
        await page.goto(address)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        if (over > 0) wide.push(`${address}: ${over} px too wide`)
      }
    }
    expect(wide).toEqual([])
  })
}

test('who is not logged in finds accessible pages too, in both languages', async ({ page, browser }) => {
  await logIn(page, 'officer')
  await page.goto('/accounts/school')
  await page.getByRole('button', { name: '生成链接' }).click()
  const link = new URL(await page.getByLabel('请把这个链接发给本人').inputValue()).pathname
  expect(link).toMatch(/^\/link\/\w+$/)
  for (const language of ['zh-CN', 'en']) {
    const stranger = await browser.newContext({ locale: language })
    const seen = await stranger.newPage()
    const heard = complaints(seen)
    // A house that is set up sends whoever asks for the set-up on to the log-in.
    for (const address of ['/login', '/setup', link]) {
      const answer = await seen.goto(address)
      expect(answer?.status(), address).toBe(200)
      await expect(seen.locator('html')).toHaveAttribute('lang', language)
      await expectAccessible(seen)
    }
    expect(heard).toEqual([])
    await stranger.close()
  }
})
