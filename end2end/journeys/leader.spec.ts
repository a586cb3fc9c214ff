import { expect, test } from '@playwright/test'
import { complaints, expectAccessible, logIn } from './people'

test('a leader sees the year, follows a figure to its records, and reads the report', async ({ page }) => {
  const errors = complaints(page)
  await logIn(page, 'leader')
  await page.goto('/?year=2021')
  await expect(page.getByRole('main')).toContainText('108')
  await expectAccessible(page)
  await page.goto('/activities?unit=500113108&from=2021-01-01&to=2021-12-31&measure=village_visit')
  await expect(page.getByRole('main')).toContainText('108')
  await expectAccessible(page)
  await page.goto('/report?unit=500113108&year=2021')
  await expect(page.getByRole('main')).toContainText('悬挂宣传横幅')
  await expectAccessible(page)
  expect(errors).toEqual([])
})

test('a leader writes nothing', async ({ page }) => {
  await logIn(page, 'leader')
  const answer = await page.goto('/log')
  expect(answer?.status()).toBe(403)
})

test('a leader holds the figures of a draft against the log', async ({ page }) => {
  const errors = complaints(page)
  await logIn(page, 'leader')
  await page.goto('/report?unit=500113108&year=2021')
  await page.getByRole('link', { name: '核对文稿里的数字' }).click()
  await page.getByLabel('文稿').fill('2021年，悬挂宣传横幅150余条，进村宣传200余次，22名人员持有行政执法证。')
  await page.getByRole('button', { name: '核对数字' }).click()
  const draft = page.getByRole('region', { name: '文稿', exact: true })
  await expect(draft.locator('a.supported')).toContainText('150余条')
  await expect(draft.locator('a.higher')).toContainText('200余次')
  await expect(draft.locator('a.unknown')).toContainText('22名')
  await expect(page.locator('#corrected')).toHaveValue(/进村宣传100余次/)
  await expectAccessible(page)
  await draft.locator('a.higher').click()
  await page.locator('#c-2').getByRole('link').click()
  await expect(page.getByRole('main')).toContainText('108')
  expect(errors).toEqual([])
})
