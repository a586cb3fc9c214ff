import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** The demo's people; all share the demo's password. */
export type Person = 'admin' | 'officer' | 'cadre' | 'leader'

/** Logs in by the form, as a person does. */
export async function logIn(page: Page, who: Person) {
  await page.goto('/login')
  await page.locator('input[name="name"]').fill(who)
  await page.locator('input[name="password"]').fill('pufa-demo-2021')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page).not.toHaveURL(/login/)
}

/** Fails on any accessibility violation of the page as it stands. */
export async function expectAccessible(page: Page) {
  // There are no frames, and what is in order needs no report: both spare half the time.
  const found = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode().analyze()
  expect(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ').slice(0, 300)}`)).toEqual([])
}

/** Collects what the browser complains of, warnings too; to be empty at the end. */
export function complaints(page: Page): string[] {
  const found: string[] = []
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && found.push(message.text()))
  page.on('pageerror', (error) => found.push(error.message))
  return found
}
