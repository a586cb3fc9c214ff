import { expect, test, type Page } from '@playwright/test'
import { complaints, expectAccessible, logIn } from './people'

/** The figure of a measure on the first page. */
const figure = async (page: Page, name: string) => {
  const card = page.locator('.figures .card').filter({ has: page.getByRole('heading', { name, exact: true }) })
  return Number((await card.locator('.figure').innerText()).replace(/[^0-9]/g, ''))
}

test('what a cadre saves on a phone moves the open dashboards and the big screen within two seconds', async ({ page, browser }) => {
  const heard = complaints(page)
  await logIn(page, 'leader')
  await page.goto('/?year=2021')
  await expect(page.locator('#live-line')).toContainText('自动更新')
  const before = await figure(page, 'LED播放')

  // A second tab of the same person hears it too, and the screen in the meeting room.
  const second = await page.context().newPage()
  await second.goto('/?year=2021')
  const wall = await page.context().newPage()
  await wall.setViewportSize({ width: 1920, height: 1080 })
  await wall.goto('/screen?year=2021')
  const goal = wall.locator('.wall-goals h3').filter({ hasText: '广播和LED播放' })
  const stood = await goal.innerText()
  // What is unfolded and where the reader stands stays.
  const fold = page.locator('details:not(.brief)').first()
  await fold.locator('summary').click()
  await page.locator('svg.coverage a:not([tabindex])').nth(30).focus()
  const held = await page.evaluate(() => document.activeElement?.getAttribute('href'))
  const at = await page.evaluate(() => scrollY)
  expect(at).toBeGreaterThan(0)

  const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'zh-CN' })
  const form = await phone.newPage()
  await logIn(form, 'cadre')
  await form.goto('/log/led')
  await form.locator('input[name="value.led"]').fill('3')
  await form.getByRole('button', { name: /保存/ }).click()
  await expect(form.getByRole('status').first()).toContainText('3次')

  const moved = { timeout: 2_000, intervals: [50] }
  await expect.poll(() => figure(page, 'LED播放'), moved).toBe(before + 3)
  await expect.poll(() => figure(second, 'LED播放'), moved).toBe(before + 3)
  await expect.poll(() => goal.innerText(), moved).not.toBe(stood)
  expect(await fold.evaluate((details: HTMLDetailsElement) => details.open)).toBe(true)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(held)
  expect(await page.evaluate(() => scrollY)).toBe(at)
  await expectAccessible(wall)
  expect(await wall.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(1080)
  await phone.close()
  expect(heard).toEqual([])
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('the big screen loads itself anew, and a dashboard stays as it is', async ({ page }) => {
    await logIn(page, 'leader')
    await page.goto('/screen?year=2021')
    await expect(page.locator('meta[http-equiv=refresh]')).toHaveAttribute('content', '60')
    await page.goto('/?year=2021')
    await expect(page.locator('meta[http-equiv=refresh]')).toHaveCount(0)
    await expect(page.locator('#live-line')).toBeEmpty()
  })
})
