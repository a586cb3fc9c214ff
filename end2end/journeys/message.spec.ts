import { expect, test } from '@playwright/test'
import { complaints, expectAccessible, logIn } from './people'

for (const script of [true, false]) {
  test.describe(script ? 'with JavaScript' : 'with JavaScript off', () => {
    test.use({ javaScriptEnabled: script, viewport: { width: 360, height: 740 } })

    test('a cadre pastes a message from the group, checks what was read and logs it', async ({ page }) => {
      const errors = complaints(page)
      await logIn(page, 'cadre')
      await page.goto('/log')
      await page.getByRole('link', { name: '粘贴群消息登记' }).click()
      // Each run has a message of its own: the same one twice is logged once.
      const note = `第${Date.now()}次`
      await page.getByLabel('群里的消息').fill(`12月4日开展宪法宣传（${note}），悬挂横幅2条，发放资料120余份，受教育数百人次`)
      await page.getByRole('button', { name: '识别' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('读出 1 条，请核对')
      await expect(page.locator('mark')).toHaveText('数百人次')
      await expect(page.locator('[name="e.0.c.0.value"]')).toHaveValue('2')
      await expect(page.locator('[name="e.0.c.1.precision"]')).toHaveValue('at_least')
      await expect(page.locator('[name="e.0.date"]')).toHaveValue('2021-12-04')
      if (script) await expectAccessible(page)
      const width = await page.evaluate(() => document.documentElement.scrollWidth).catch(() => 360)
      expect(width).toBeLessThanOrEqual(360)

      await page.getByRole('button', { name: '确认登记' }).click()
      await expect(page.getByRole('status')).toContainText('已登记 1 条')
      await expect(page.getByRole('main')).toContainText('120余份')
      await page.getByRole('link', { name: '写好的文字' }).click()
      await expect(page.getByLabel('发到群里')).toHaveValue(/悬挂宣传横幅2条，发放宣传资料120余份。/)
      expect(errors).toEqual([])
    })
  })
}
