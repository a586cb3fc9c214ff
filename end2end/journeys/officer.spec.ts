import { expect, test } from '@playwright/test'
import { expectAccessible, logIn } from './people'

test('an officer walks through every room and none has an accessibility violation', async ({ page }) => {
  await logIn(page, 'officer')
  for (const address of [
    '/?year=2021',
    '/campaigns?year=2021',
    '/campaigns/new',
    '/calendar?month=2021-12',
    '/tasks',
    '/log',
    '/log/lecture',
    '/activities',
    '/goals',
    '/stocks',
    '/report',
    '/settings',
    '/units',
    '/catalogue',
    '/accounts',
    '/me',
    '/feedback',
  ]) {
    const answer = await page.goto(address)
    expect(answer?.status(), address).toBe(200)
    await expectAccessible(page)
  }
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
