import { expect, test, type Locator, type Page } from '@playwright/test'
import { complaints, expectAccessible, logIn } from './people'

/** The officer's year: an empty 2026 becomes campaigns for every key date and a plan from the gaps, then life happens to it. */
const town = '500113108'
const first = Number(process.env.PUFA_E2E_PORT ?? 3117)

/** Without a script every step goes by plain links and forms; only dragging needs one, and the form does the same. */
for (const { how, script, port } of [
  { how: 'by mouse and forms', script: true, port: first + 1 },
  { how: 'without any script', script: false, port: first + 2 },
]) {
  test.describe(`the officer's year 2026, ${how}`, () => {
    test.use({ javaScriptEnabled: script, baseURL: `http://127.0.0.1:${port}` })

    test('from nothing to campaigns, a plan from the gaps, drafts, released, moved, cancelled, exported', async ({ page }) => {
      const heard = complaints(page)
      const judged = async () => {
        // The judge is a script itself.
        if (script) await expectAccessible(page)
      }
      await logIn(page, 'officer')

      // Every key date of the year becomes a campaign with its countdown.
      await page.goto('/campaigns?year=2026')
      await expect(page.getByText('2026年还没有专项')).toBeVisible()
      await page.getByRole('link', { name: '全年节点' }).click()
      await page.getByRole('link', { name: '全部勾选' }).click()
      await judged()
      await page.getByRole('button', { name: '为勾选的节点建专项' }).click()
      await expect(page.getByRole('status')).toContainText(/已建立4\d个专项/)
      await page.getByRole('link', { name: '宪法宣传周', exact: true }).click()
      await expect(page.getByRole('main')).toContainText('11月14日')
      await expect(page.getByRole('main')).toContainText('D−20')
      await expect(page.getByRole('main')).toContainText('印发本镇宣传周方案')
      await page.goto('/calendar?view=year&year=2026')
      await expect(page.getByRole('link', { name: /宪法宣传周/ }).first()).toBeVisible()

      // The new plan asks four visits of every village; nothing was done yet.
      await page.goto('/plans/plan-9')
      await page.getByLabel('指标', { exact: true }).selectOption('villages_visited')
      await page.getByLabel('适用单位（含下级）').selectOption({ label: '圣灯山镇' })
      await page.getByLabel('年份').selectOption('2026')
      await page.getByLabel('目标值').fill('100')
      await page.getByLabel('依据').fill('镇发〔2026〕3号第二条')
      await page.getByRole('button', { name: '保存目标' }).click()
      await expect(page.getByRole('status')).toContainText('目标已保存')
      await page.goto(`/gaps?unit=${town}`)
      await expect(page.getByRole('table', { name: /进村宣传覆盖/ }).getByRole('row')).toHaveCount(15)
      await page.getByRole('link', { name: '按缺口排活动' }).first().click()
      await page.getByRole('checkbox', { name: '进村宣传覆盖' }).check({ force: true })
      await page.getByLabel('从哪天').fill('2026-03-02')
      await page.getByLabel('到哪天').fill('2026-12-31')
      await page.getByLabel('每天最多几场').fill('2')
      await page.getByLabel('每周最多几场').fill('4')
      await page.getByRole('button', { name: '给出方案' }).click()
      await expect(page.getByText('56场都排得下')).toBeVisible()
      await page.getByLabel('新专项的名称').fill('全年进村')
      await page.getByRole('button', { name: '存为草稿' }).click()
      await expect(page.getByRole('status')).toContainText('已存56场草稿')
      const campaign = new URL(page.url()).pathname
      await page.getByRole('button', { name: '发布 56 场' }).click()
      await expect(page.getByRole('status')).toContainText('已发布 56 场')
      await page.goto(`/gaps?unit=${town}`)
      await page.getByRole('link', { name: '按缺口排活动' }).first().click()

      // One event is moved by its form, one to another day in the calendar.
      const events = await links(page, campaign)
      expect(events.length).toBe(56)
      await page.goto(events[0])
      await page.getByLabel('开始时间').fill('14:30')
      await page.getByLabel('结束时间').fill('16:00')
      await page.getByRole('button', { name: '保存修改' }).click()
      await expect(page.getByRole('status')).toContainText('14:30')
      const [to] = await moved(page, events[1], script)
      await page.goto(events[1])
      await expect(page.getByLabel('日期', { exact: true })).toHaveValue(to)

      // A village's advice every four weeks, at another hour from the third time on.
      await page.goto(`/events/new?campaign=${campaign.split('/').pop()}`)
      await page.getByRole('checkbox', { name: '石林村' }).check({ force: true })
      await page.getByLabel('第一天').fill('2026-03-12')
      await page.getByText('重复：每几周').click()
      await page.getByLabel('怎么重复').selectOption({ label: '每几周的同一个星期几' })
      await page.getByLabel('每隔几周').fill('4')
      await page.getByLabel('或一共几场').fill('6')
      await page.getByRole('button', { name: '看排期' }).click()
      await judged()
      await page.getByRole('button', { name: '发布勾选的场次' }).click()
      const series = (await links(page, campaign)).filter((own) => !events.includes(own))
      expect(series.length).toBe(6)
      await page.goto(series[2])
      await page.getByLabel('开始时间').fill('18:30')
      await page.getByLabel('结束时间').fill('20:00')
      await page.getByLabel('改哪些').selectOption({ label: '这一场和以后的' })
      await page.getByRole('button', { name: '保存修改' }).click()
      await expect(page.getByRole('status')).toContainText('已修改 4 场')
      await page.goto(series[1])
      await expect(page.getByLabel('开始时间')).not.toHaveValue('18:30')

      // One is cancelled; the calendar feed tells of all that.
      await page.goto(events[2])
      await page.getByText('取消这场活动').first().click()
      await page.getByLabel('原因').fill('村委会换届')
      await page.getByRole('button', { name: '取消这场活动' }).click()
      await expect(page.getByRole('status')).toContainText('已取消')
      await page.goto('/feeds')
      await page.getByLabel('订阅内容').selectOption({ label: '圣灯山镇' })
      await page.getByRole('button', { name: '生成地址' }).click()
      const feed = await page.getByLabel('订阅地址').inputValue()
      const calendar = (await (await page.request.get(feed)).text()).replace(/\r\n /g, '')
      const entry = (address: string) => calendar.split('BEGIN:VEVENT').find((one) => one.includes(`UID:${address.split('/').pop()}`)) ?? ''
      // Released is one change, moved another.
      expect(entry(events[0])).toContain('SEQUENCE:2')
      expect(entry(events[3])).toContain('SEQUENCE:1')
      expect(entry(events[1])).toContain(`DTSTART:${to.replaceAll('-', '')}T`)
      expect(entry(events[2])).toContain('STATUS:CANCELLED')
      expect(calendar).toContain('印发本镇宣传周方案')

      // What goes to the villages: the notice as a document, a sign-in sheet for a session.
      await page.goto(campaign)
      await page.getByRole('link', { name: '下发通知' }).click()
      const [notice] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '下载通知' }).click()])
      expect(notice.suggestedFilename()).toMatch(/\.docx$/)
      await page.goto(events[3])
      await page.getByRole('link', { name: '打印签到表' }).click()
      await expect(page.getByRole('table').getByRole('row')).toHaveCount(21)

      // Materials for the campaign: planned, fetched by a village.
      await page.goto(campaign)
      await page.getByRole('link', { name: /物料/ }).click()
      await judged()
      expect(heard).toEqual([])
    })
  })
}

/** The events of a campaign, by time. */
async function links(page: Page, campaign: string): Promise<string[]> {
  await page.goto(campaign)
  const table = page.getByRole('table', { name: /按时间排列/ })
  const found = await table.locator('a[href^="/events/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))
  return [...new Set(found.filter((href) => /^\/events\/[0-9a-f-]{36}$/.test(href)))]
}

/** Drags as a hand does: taken up, a little way, over the target, let go. */
async function drag(page: Page, item: Locator, target: Locator) {
  await target.scrollIntoViewIfNeeded()
  const [from, to] = [await item.boundingBox(), await target.boundingBox()]
  if (!from || !to) throw new Error('what is dragged, or where to, is not on the page')
  await page.mouse.move(from.x + 20, from.y + 8)
  await page.mouse.down()
  await page.mouse.move(from.x + 32, from.y + 14, { steps: 4 })
  await page.mouse.move(to.x + 40, to.y + to.height - 12, { steps: 8 })
  await expect(target).toHaveClass(/target/)
  await page.mouse.up()
}

/** Moves an event to the next day: with a script by dragging it in the month, else by its form. The new day. */
async function moved(page: Page, event: string, script: boolean): Promise<[string]> {
  await page.goto(event)
  const day = page.getByLabel('日期', { exact: true })
  const from = new Date(`${await day.inputValue()}T00:00:00Z`)
  // Within the month, whose grid is one page.
  const step = from.getUTCDate() < 27 ? 1 : -1
  const to = new Date(from.getTime() + step * 86_400_000).toISOString().slice(0, 10)
  if (script) {
    // The calendar wakes once its WebAssembly has come.
    await page.goto(`/calendar?month=${to.slice(0, 7)}&unit=${town}`, { waitUntil: 'networkidle' })
    const item = page.locator(`li[data-event="${event.split('/').pop()}"]`)
    await drag(page, item, page.locator(`td[data-day="${to}"]`))
  } else {
    await day.fill(to)
    await page.getByRole('button', { name: '保存修改' }).click()
  }
  await expect(page.getByRole('status')).toContainText('已改到')
  return [to]
}
