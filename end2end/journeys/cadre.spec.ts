import { expect, test } from '@playwright/test'
import { scale } from '../faults/scale.mjs'
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

test('with six touches a usual activity is saved, and the button says what it saves', async ({ page }) => {
  const errors = complaints(page)
  await page.setViewportSize({ width: 360, height: 740 })
  await logIn(page, 'cadre')
  await page.goto('/log')
  let touches = 0
  const touch = async (name: RegExp, role: 'link' | 'button' = 'button') => {
    touches += 1
    await page.getByRole('main').getByRole(role, { name }).first().click()
  }
  await touch(/宣传资料/, 'link')
  // The steppers are there once the islands are awake.
  await touch(/宣传资料多一/)
  await touch(/宣传资料多一/)
  await touch(/昨天/)
  await expect(page.getByRole('button', { name: '保存 2份宣传资料' })).toBeVisible()
  await expectAccessible(page)
  await touch(/保存/)
  expect(touches).toBeLessThanOrEqual(6)
  await expect(page.getByRole('status')).toContainText('2份')
  await expect(page.getByRole('main')).toContainText('2021-12-19')

  // A slip is undone at once, without a reason to type.
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByRole('main')).toContainText('已作废')
  expect(errors).toEqual([])
})

test('the officer copies an entry to other villages, and the button counts them', async ({ page }) => {
  await logIn(page, 'officer')
  await page.goto('/log/banner')
  await page.locator('input[name="value.banner"]').fill('2')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('link', { name: '复制到别的村' }).click()
  await page.getByRole('checkbox', { name: '天坪村' }).check()
  await page.getByRole('checkbox', { name: '大沟村' }).check()
  await page.getByRole('button', { name: '保存 2个单位各2条' }).click()
  await expect(page.getByRole('status')).toContainText('已保存 2 条')
})

test('the first visit of the log page moves at most 250 KB, with what the service worker keeps', async ({ page, browser, baseURL }) => {
  await logIn(page, 'cadre')
  const wire = await scale(Number(new URL(baseURL ?? '').port))
  // Logged in, but with an empty cache: a context of its own with the cookies alone.
  const fresh = await browser.newContext({ storageState: await page.context().storageState() })
  const first = await fresh.newPage()
  await first.goto(`${wire.address}/log/leaflet`)
  await expect(first.getByRole('button', { name: /宣传资料多一/ })).toBeVisible()
  await first.evaluate(() => navigator.serviceWorker.ready)
  const kept = () => first.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))).flat().map((request) => new URL(request.url).pathname))
  await expect.poll(kept).toContain('/outbox/log')
  expect(await kept()).toContain('/outbox')
  expect(wire.told.bytes).toBeLessThanOrEqual(250_000)
  await fresh.close()
  wire.close()
})
