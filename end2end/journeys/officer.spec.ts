import { expect, test, type Page } from '@playwright/test'
import { complaints, expectAccessible, logIn } from './people'

const villages = ['石林村', '大佛村', '思栗村']

/** The event of the new campaign in a village, on the campaign's page. */
const row = (page: Page, village: string) => page.getByRole('table', { name: /按时间排列/ }).getByRole('row').filter({ hasText: village })

test('an officer plans a campaign, puts it on villages and days, logs one event, cancels another, and the figures follow', async ({ page }) => {
  const heard = complaints(page)
  await logIn(page, 'officer')
  const activities = async () => {
    await page.goto('/activities?unit=500113108&year=2021')
    return Number((await page.getByText(/^共 \d+ 条记录$/).innerText()).match(/\d+/)?.[0])
  }
  const before = await activities()

  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '计划' }).click()
  await page.getByRole('link', { name: '新建专项' }).click()
  await page.getByLabel('专项名称').fill('岁末反诈进村')
  await page.getByRole('checkbox', { name: '反诈' }).check({ force: true })
  await page.getByLabel('开始日期').fill('2021-12-15')
  await page.getByLabel('结束日期').fill('2021-12-31')
  await page.getByLabel('牵头部门').fill('派出所')
  for (const village of villages) await page.getByRole('checkbox', { name: village }).check({ force: true })
  await page.getByLabel('横幅/标语').fill('6')
  await page.getByLabel('宣传资料', { exact: true }).fill('300')
  await page.getByRole('button', { name: '保存专项' }).click()
  await expect(page.getByRole('status')).toContainText('已保存专项：岁末反诈进村')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('岁末反诈进村')
  await expect(page.getByRole('main')).toContainText('石林村、大佛村、思栗村')
  const campaign = page.url()

  // Three villages on three days: what is wanted, then what it comes to, then released.
  await page.getByRole('link', { name: '安排活动' }).first().click()
  for (const village of villages) await page.getByRole('checkbox', { name: village }).check({ force: true })
  await page.getByLabel('第一天').fill('2021-12-17')
  await page.getByLabel('活动类型').selectOption({ label: '挂横幅/标语' })
  await expectAccessible(page)
  await page.getByRole('button', { name: '看排期' }).click()
  // No weekend unless it is asked for: the days after Friday are Monday and Tuesday.
  await expect(page.getByLabel('大佛村 日期')).toHaveValue('2021-12-20')
  await expectAccessible(page)
  await page.getByRole('button', { name: '发布勾选的场次' }).click()
  await expect(page).toHaveURL(/\/campaigns\//)
  await expectAccessible(page)

  // Friday the 17th is over; the others fall on Monday and Tuesday.
  await page.goto('/calendar?month=2021-12')
  for (const [village, day] of [['石林村', '17'], ['大佛村', '20'], ['思栗村', '21']]) {
    const cell = page.getByRole('cell').filter({ has: page.locator('time', { hasText: new RegExp(`^${day} `) }) })
    await expect(cell.getByRole('link', { name: new RegExp(`${village}.*岁末反诈进村`) })).toBeVisible()
  }
  await page.getByRole('link', { name: '列表', exact: true }).click()
  await expect(page.getByRole('heading', { name: /12月20日 周一/ })).toBeVisible()

  // What is due today stands on the first page, with its one action.
  await page.goto('/')
  const today = page.locator('section').filter({ has: page.getByRole('heading', { name: '今天要办' }) })
  await today.getByRole('link', { name: /^登记 大佛村/ }).click()
  await expect(page.getByRole('main')).toContainText('岁末反诈进村')
  await page.getByLabel('横幅/标语', { exact: true }).fill('2')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('status')).toContainText('2条')
  await page.goto(campaign)
  await expect(row(page, '大佛村')).toContainText('已完成')
  await expect(page.getByRole('row', { name: '横幅/标语 6 2 4 条' })).toBeVisible()
  await row(page, '大佛村').getByRole('link', { name: '看登记' }).click()
  await expect(page.getByRole('main')).toContainText('2条')

  await page.goto(campaign)
  await row(page, '思栗村').getByRole('rowheader').getByRole('link').click()
  await page.getByText('取消这场活动').first().click()
  await page.getByLabel('原因').fill('村委会换届')
  await page.getByRole('button', { name: '取消这场活动' }).click()
  await expect(page.getByRole('status')).toContainText('已取消')
  await page.goto(campaign)
  await expect(row(page, '思栗村')).toContainText('已取消')
  await expect(row(page, '石林村')).toContainText('已错过')

  expect(await activities()).toBeGreaterThan(before)
  await page.goto(`/activities?campaign=${new URL(campaign).pathname.split('/').pop()}`)
  await expect(page.getByText('共 1 条记录')).toBeVisible()
  expect(heard).toEqual([])
})

test('an officer sets a target with its basis and finds it among the goals', async ({ page }) => {
  const heard = complaints(page)
  await logIn(page, 'officer')
  await page.goto('/goals')
  await page.getByRole('link', { name: '普法规划' }).click()
  await page.getByRole('link', { name: /八五普法/ }).first().click()
  await page.getByLabel('指标', { exact: true }).selectOption('banners')
  await page.getByLabel('适用单位（含下级）').selectOption({ label: '圣灯山镇' })
  await page.getByLabel('年份').selectOption('2021')
  await page.getByLabel('目标值').fill('160')
  await page.getByRole('button', { name: '保存目标' }).click()
  // Without a basis no target stands.
  await expect(page.getByRole('alert')).toBeVisible()
  await page.getByLabel('依据').fill('镇普法工作要点第三条')
  await page.getByRole('button', { name: '保存目标' }).click()
  await expect(page.getByRole('status')).toContainText('目标已保存')

  await page.goto('/goals?year=2021')
  const goal = page.getByRole('article').filter({ hasText: '镇普法工作要点第三条' })
  await expect(goal.getByRole('heading')).toContainText('宣传横幅')
  await expect(goal).toContainText('160条')
  await expectAccessible(page)
  // The browser itself reports the refused form.
  expect(heard.filter((one) => !one.includes('422'))).toEqual([])
})

test('an officer logs leaflets for two villages at once', async ({ page }) => {
  await logIn(page, 'officer')
  await page.goto('/log/leaflet')
  await page.locator('input[name="value.leaflet"]').fill('40')
  await page.getByText('一次登记多个村').click()
  await page.getByRole('checkbox', { name: '石林村' }).check({ force: true })
  await page.getByRole('checkbox', { name: '大佛村' }).check({ force: true })
  await page.getByRole('radio', { name: '每村各' }).check({ force: true })
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('status')).toContainText('2 条')
})

test('the program speaks English to who asks for it', async ({ page }) => {
  await logIn(page, 'officer')
  await page.goto('/?lang=en&year=2021')
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('navigation').first()).toContainText('Ledger')
})

test('an officer lets the gaps be scheduled, adjusts the proposal, keeps it as drafts and releases them', async ({ page }) => {
  const heard = complaints(page)
  await logIn(page, 'officer')
  await page.goto('/goals')
  await page.getByRole('link', { name: '还差什么' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('还差什么')

  await page.goto('/schedule/propose?unit=500113108')
  await page.getByRole('checkbox', { name: '进村宣传覆盖' }).check({ force: true })
  await page.getByLabel('从哪天').fill('2022-02-07')
  await page.getByLabel('到哪天').fill('2022-02-27')
  await page.getByLabel('每周最多几场').fill('2')
  await page.getByRole('button', { name: '给出方案' }).click()
  // Three weeks of two, of four visits in each of fourteen villages; the rest is named with its reason.
  await expect(page.getByText('排得下6场，还有50场排不下')).toBeVisible()
  await expect(page.getByRole('table')).toContainText('上限已排满')
  const sessions = page.locator('.proposal li')
  await expect(sessions).toHaveCount(6)
  await expectAccessible(page)

  for (const index of [2, 3, 4, 5]) await sessions.nth(index).getByRole('checkbox').uncheck({ force: true })
  await sessions.nth(1).locator('input[type=date]').fill('2022-02-18')
  await page.getByLabel('新专项的名称').fill('春季补课')
  await page.getByRole('button', { name: '存为草稿' }).click()
  await expect(page.getByRole('status')).toContainText('已存2场草稿')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('春季补课')
  await expect(page.getByRole('main')).toContainText('草稿')
  expect(heard).toEqual([])
})
