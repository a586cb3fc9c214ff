import { expect, test } from '@playwright/test'
import { Chance } from '../faults/chance'
import { expectSame, stored } from '../faults/compare'
import { Network } from '../faults/network'
import { Phone, drawing } from '../faults/phone'
import { Server } from '../faults/server'

// A server, a network and a phone of its own: what is killed here harms no other journey.
test.describe.configure({ mode: 'serial' })
const server = new Server()
let network: Network
let phone: Phone
let token: string
test.beforeAll(async () => {
  await server.start()
  token = server.run('token', 'create', '--user', 'officer')
  network = new Network(server.port, new Chance(6))
})
test.afterAll(async () => {
  await phone?.close()
  await network?.stop()
  await server.stop()
})

test('six entries and fourteen pictures of two days without a network arrive, each once', async () => {
  phone = new Phone(await network.start())
  await phone.open()
  await phone.logIn('cadre')
  await phone.settle()

  // Two days in the field. The form opens without a network, and the browser is killed twice.
  network.dark = true
  const [first, second] = ['2021-12-18', '2021-12-19']
  let drawn = 0
  const draw = (number: number) => Array.from({ length: number }, () => drawing((drawn += 1)))
  expect(await phone.log('banner', 2, 'offline-0', draw(3), first)).toBe('kept')
  expect(await phone.log('leaflet', 120, 'offline-1', draw(2), first)).toBe('kept')
  await phone.kill()
  await phone.open()
  expect(await phone.log('lecture', 1, 'offline-2', draw(4), first)).toBe('kept')
  expect(await phone.log('village_visit', 1, 'offline-3', draw(1), second)).toBe('kept')

  // What was typed and not saved when the browser was killed stands in the form again.
  await phone.page.goto('/log/broadcast')
  await phone.fillIn('broadcast', 2, 'offline-4', draw(3), second)
  await phone.page.waitForTimeout(500)
  await phone.kill()
  await phone.open()
  await phone.page.goto('/log/broadcast')
  await expect(phone.page.locator('input[name="value.broadcast"]')).toHaveValue('2')
  await expect(phone.page.locator('#pictures li')).toHaveCount(3)
  await phone.page.getByRole('button', { name: /^保存/ }).click()
  await phone.page.locator('.said.kept').waitFor()
  expect(await phone.log('banner', 1, 'offline-5', draw(1), second)).toBe('kept')
  await expect(phone.page.locator('#net')).toContainText('离线，待上传 6条、照片待上传 14张')
  expect(await stored(server, token, 'offline-')).toEqual([])

  // The network returns, and fails in between.
  network.dark = false
  network.trouble = 0.3
  await phone.page.goto('/outbox')
  for (let drop = 0; drop < 3; drop += 1) {
    await phone.page.waitForTimeout(150)
    network.dark = true
    await phone.page.waitForTimeout(150)
    network.dark = false
    await phone.page.getByRole('button', { name: '现在上传' }).click()
  }
  await phone.drain()
  network.trouble = 0
  const kept = await phone.kept()
  const there = await stored(server, token, 'offline-')
  expect(there).toHaveLength(6)
  expect(there.flatMap((entry) => entry.pictures)).toHaveLength(14)
  expectSame(kept, there)
  expect(kept.every((entry) => entry.state === 'sent')).toBe(true)
})

test('the same batch sent a hundred times changes nothing', async () => {
  const before = await stored(server, token, 'offline-')
  const statuses = await phone.page.evaluate(async () => {
    const outbox = (globalThis as unknown as { outbox: { list(account: string): Promise<{ body: string }[]> } }).outbox
    const entries = await outbox.list('cadre')
    const seen: number[] = []
    for (let turn = 0; turn < 100; turn += 1) {
      const answers = await Promise.all(entries.map(({ body }) => fetch('/api/v1/activities', { method: 'POST', body, headers: { 'content-type': 'application/json' } })))
      seen.push(...answers.map((answer) => answer.status))
    }
    return [...new Set(seen)]
  })
  expect(statuses).toEqual([200])
  expect(await stored(server, token, 'offline-')).toEqual(before)
  expect(server.run('check')).toContain('agree')
})

test('a picture that the server cannot read stays on the phone, with the reason', async () => {
  await phone.page.goto('/log/banner')
  await phone.page.locator('input[name="value.banner"]').fill('1')
  const broken = { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('this is no picture') }
  await phone.page.locator('#f-pictures').setInputFiles([broken])
  await expect(phone.page.locator('#pictures li')).toHaveCount(1)
  await phone.page.getByRole('button', { name: /^保存/ }).click()
  await phone.page.waitForURL(/\/activities\//)
  await expect(phone.page.locator('#net')).toContainText('1项没有收下')
  await phone.page.getByRole('link', { name: '查看' }).first().click()
  const waiting = phone.page.locator('li.waiting').first()
  await expect(waiting).toContainText('待上传')
  await expect(waiting).toContainText('broken.png')
  await waiting.getByRole('button', { name: '再试' }).click()
  await expect(waiting).toContainText('broken.png')
})

test('an expired session and logging out lose nothing, and logging out asks first', async () => {
  const { page } = phone
  await page.goto('/outbox')
  await page.locator('li.waiting').first().getByRole('button', { name: '删除' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await expect(page.locator('#waiting')).toContainText('没有等着上传的记录')

  await page.goto('/log/banner')
  await phone.forget()
  await phone.fillIn('banner', 3, 'expired-0', [drawing(100)])
  await page.getByRole('button', { name: /^保存/ }).click()
  await expect(page.locator('#net')).toContainText('登录已过期')
  await phone.logIn('cadre')
  await phone.drain()
  expect(await stored(server, token, 'expired-')).toHaveLength(1)

  network.dark = true
  await phone.log('banner', 4, 'expired-1', [])
  network.dark = false
  network.deaf = true
  await page.goto('/me')
  await page.getByRole('main').getByRole('button', { name: '退出登录' }).click()
  await expect(page.getByRole('dialog')).toContainText('1条记录')
  await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click()
  await expect(page).toHaveURL(/login/)
  network.deaf = false
  // Somebody else on the same phone sends nothing under her own name.
  await phone.logIn('officer')
  await page.waitForTimeout(500)
  expect(await stored(server, token, 'expired-')).toHaveLength(1)
  await phone.forget()
  await phone.logIn('cadre')
  await phone.drain()
  expect(await stored(server, token, 'expired-')).toHaveLength(2)
  expectSame((await phone.kept()).filter((entry) => entry.body.includes('expired-')), await stored(server, token, 'expired-'))
})

test('what waits is carried to another device as a file, and sent once', async () => {
  network.dark = true
  await phone.log('leaflet', 77, 'carried-0', [drawing(200), drawing(201)])
  await phone.page.goto('/outbox')
  const [download] = await Promise.all([phone.page.waitForEvent('download'), phone.page.getByRole('button', { name: '导出为文件' }).click()])
  const file = await download.path()
  network.dark = false
  const other = new Phone(`http://127.0.0.1:${server.port}`)
  await other.open()
  await other.logIn('officer')
  await other.page.goto('/outbox')
  await other.page.locator('#import').setInputFiles(file)
  await expect(other.page.locator('#import-said')).toContainText('导入 1条')
  await expect(other.page.locator('#waiting')).toContainText('没有等着上传的记录')
  await other.close()
  await phone.drain()
  const there = await stored(server, token, 'carried-')
  expect(there).toHaveLength(1)
  expect(there[0].pictures).toHaveLength(2)
})

test('a form that was gone back to makes another entry, and what was refused is changed and sent once', async () => {
  const { page } = phone
  network.dark = true
  await phone.log('banner', 1, 'again-0', [])
  await page.goto('/outbox')
  await page.goBack()
  await phone.fillIn('banner', 2, 'again-1', [])
  await page.getByRole('button', { name: /^保存/ }).click()
  await page.locator('.said.kept').waitFor()
  // A day that is not here yet: nothing on the phone knows better, and the server says so later.
  await phone.log('leaflet', 9, 'again-2', [drawing(300)], '2021-12-25')
  expect((await phone.kept()).filter((entry) => entry.body.includes('again-'))).toHaveLength(3)
  network.dark = false
  await page.goto('/outbox')
  await expect(page.locator('#waiting')).toContainText('没有收下')
  await page.getByRole('link', { name: '修改' }).click()
  await expect(page.locator('input[name="value.leaflet"]')).toHaveValue('9')
  await expect(page.locator('#pictures li')).toHaveCount(1)
  await page.locator('input[name="date"]').fill('2021-12-19')
  await page.getByRole('button', { name: /^保存/ }).click()
  await page.waitForURL(/\/activities\/[0-9a-f-]{36}$/)
  await phone.drain()
  const there = await stored(server, token, 'again-')
  expect(there.map((entry) => entry.note).sort()).toEqual(['again-0', 'again-1', 'again-2'])
  expectSame((await phone.kept()).filter((entry) => entry.body.includes('again-')), there)
})

test('one form for two villages is two entries, and the next person on the phone never sees the form of the last', async () => {
  const { page } = phone
  await phone.forget()
  await phone.logIn('officer')
  await page.goto('/log/banner')
  await phone.fillIn('banner', 2, 'many-0', [])
  await page.getByText('一次登记多个村').click()
  await page.getByRole('checkbox', { name: '天坪村' }).check()
  await page.getByRole('checkbox', { name: '大沟村' }).check()
  await page.getByRole('radio', { name: '每村各' }).check()
  await page.getByRole('button', { name: /^保存/ }).click()
  await page.waitForURL(/\/activities\/[0-9a-f-]{36}$/)
  const there = await stored(server, token, 'many-')
  expect(new Set(there.map((entry) => entry.unit)).size).toBe(2)
  expectSame((await phone.kept('officer')).filter((entry) => entry.body.includes('many-')), there)

  // The cadre's form was kept; now it is the officer's.
  await expect.poll(() => page.evaluate(async () => /data-account="([^"]*)"/.exec((await (await caches.match('/outbox/log'))?.text()) ?? '')?.[1])).toBe('officer')
})

test('a pasted message survives a dead network: it is read again from the page that says so', async () => {
  await phone.forget()
  await phone.logIn('cadre')
  await phone.settle()
  const { page } = phone
  const told = '12月6日在村口摆摊宣传民法典，\n发放资料130余份，悬挂横幅3条'
  await page.goto('/log/message')
  await page.getByLabel('群里的消息').fill(told)

  // The browser does not know that the line is dead.
  network.dark = true
  await page.getByRole('button', { name: '识别' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有网络，没有发出去')
  await expect(page.locator('textarea')).toHaveValue(told)
  await page.getByRole('button', { name: '再发一次' }).click()
  await expect(page.locator('textarea')).toHaveValue(told)
  network.dark = false
  await page.getByRole('button', { name: '再发一次' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('读出 1 条，请核对')
  await expect(page.locator('[name="e.0.c.0.value"]')).toHaveValue('130')

  // And when it does, the form stays as it is.
  await page.goto('/log/message')
  await page.getByLabel('群里的消息').fill(told)
  await page.context().setOffline(true)
  await page.getByRole('button', { name: '识别' }).click()
  await expect(page.getByRole('alert')).toContainText('填的内容都还在')
  await expect(page.getByLabel('群里的消息')).toHaveValue(told)
  await page.context().setOffline(false)
})
