import { expect, test } from '@playwright/test'
import { complaints, expectAccessible, logIn } from './people'

for (const script of [true, false]) {
  test.describe(script ? 'with JavaScript' : 'with JavaScript off', () => {
    test.use({ javaScriptEnabled: script, viewport: { width: 360, height: 740 } })

    test('a cadre logs three banners on a phone, corrects them and withdraws them', async ({ page }) => {
      const errors = complaints(page)
      await logIn(page, 'cadre')
      await page.goto('/log')
      await page.getByRole('main').getByRole('link', { name: /横幅/ }).first().click()
      await page.locator('input[name="value.banner"]').fill('3')
      await page.getByRole('button', { name: '保存' }).click()
      await expect(page.getByRole('status')).toContainText('3条')
      await expect(page).toHaveURL(/\/activities\/[0-9a-f-]{36}$/)

      await page.getByRole('link', { name: '更正' }).click()
      await page.locator('input[name="value.banner"]').fill('2')
      await page.getByLabel('原因').fill('数错了')
      await page.getByRole('button', { name: '保存' }).click()
      await expect(page.getByRole('main')).toContainText('2条')
      await expect(page.getByRole('main')).toContainText('数错了')

      await page.getByText('作废', { exact: true }).first().click()
      await page.getByLabel('原因').fill('重复')
      await page.getByRole('button', { name: '作废' }).click()
      await expect(page.getByRole('main')).toContainText('已作废')
      expect(errors).toEqual([])
    })
  })
}

test('what was typed into a refused form is still there', async ({ page }) => {
  await logIn(page, 'cadre')
  await page.goto('/log/leaflet')
  await page.getByText('地点、主办、经办人、备注').click()
  await page.locator('input[name="place"]').fill('村口')
  await page.getByRole('button', { name: '保存' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.locator('input[name="place"]')).toHaveValue('村口')
  await expectAccessible(page)
})
