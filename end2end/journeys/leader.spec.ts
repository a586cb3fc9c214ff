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
