import { expect, test } from '@playwright/test'
import { Chance } from '../faults/chance'
import { expectSame, stored } from '../faults/compare'
import { Network } from '../faults/network'
import { Phone, drawing } from '../faults/phone'
import { Server } from '../faults/server'

// Schedules of drops, kills, restarts, doubled and reordered sends; a number is a seed, and tells the same story again:
// PUFA_FIRST_SEED=17 PUFA_SCHEDULES=1. `make test` runs 20, `make soak` 200.
const first = Number(process.env.PUFA_FIRST_SEED ?? 1)
const number = Number(process.env.PUFA_SCHEDULES ?? 20)
const LANES = 2
test.describe.configure({ mode: 'parallel' })

for (let lane = 0; lane < LANES; lane += 1) {
  test.describe(`lane ${lane + 1}`, () => {
    test.describe.configure({ mode: 'default' })
    const server = new Server()
    let token = ''
    const told: Record<string, number> = {}
    test.beforeAll(async () => {
      await server.start()
      token = server.run('token', 'create', '--user', 'officer')
    })
    test.afterAll(async () => {
      // Totals and audit are whole after all of it.
      const checked = server.run('check')
      console.log(`lane ${lane + 1}: ${JSON.stringify(told)}; ${checked}`)
      await server.stop()
    })

    for (let seed = first + lane; seed < first + number; seed += LANES) {
      test(`schedule ${seed}: 0 lost, 0 doubled`, async () => {
        const chance = new Chance(seed)
        // The network draws its own lots, so that the story's do not hang on how many requests there were.
        const network = new Network(server.port, new Chance(seed * 7919))
        const address = await network.start()
        // Some phones are wrong by a day.
        const phone = new Phone(address, chance.happens(0.2) ? chance.one([-26, 26]) : 0)
        const mark = `s${seed}-${Date.now().toString(36)}-`
        const note = (what: string) => (told[what] = (told[what] ?? 0) + 1)
        try {
          await phone.open()
          await phone.logIn('cadre')
          await phone.settle()
          network.trouble = chance.one([0, 0.2, 0.4, 0.6])
          let promised = 0
          for (let place = 0; place < chance.between(2, 4); place += 1) {
            network.dark = chance.happens(0.4)
            const pictures = Array.from({ length: chance.between(0, 2) }, (_, at) => drawing(seed * 100 + place * 10 + at))
            const type = chance.one(['banner', 'leaflet', 'broadcast'])
            if (chance.happens(0.2)) {
              // Killed in the middle of saving: the entry is whole on the phone, or what was typed is in the form again.
              note('browser killed while saving')
              await phone.go(`/log/${type}`)
              await phone.fillIn(type, 10 + place, `${mark}${place}`, pictures)
              await phone.page.getByRole('button', { name: /^保存/ }).click({ noWaitAfter: true })
              await phone.page.waitForTimeout(chance.between(0, 60)).catch(() => {})
              await phone.kill()
              await phone.open()
            } else {
              await phone.log(type, 10 + place, `${mark}${place}`, pictures)
              promised += 1
            }
            if (chance.happens(0.2)) {
              note('browser killed')
              await phone.kill()
              await phone.open()
            }
            if (chance.happens(0.15)) {
              note('server killed')
              await server.kill()
              await server.start()
            }
            if (chance.happens(0.15)) {
              note('deployed')
              network.deployed = seed.toString(16).padStart(8, '0')
            }
            if (chance.happens(0.2)) {
              note('two tabs')
              network.dark = false
              await (await phone.tab()).goto('/outbox').catch(() => {})
            }
            if (chance.happens(0.1)) {
              note('session expired')
              const cookies = await phone.cookies()
              await phone.forget()
              await phone.page.goto('/log').catch(() => {})
              await phone.page.waitForTimeout(100)
              await phone.remember(cookies)
            }
          }
          network.dark = false
          network.trouble = 0
          await phone.drain()
          // What was doubled on its way may still arrive.
          await phone.page.waitForTimeout(300)
          const kept = (await phone.kept()).filter((entry) => JSON.parse(entry.body).note.startsWith(mark))
          const there = await stored(server, token, mark)
          expectSame(kept, there)
          // Whatever the phone said it had is there; what it had no time to say may be.
          expect(kept.length).toBeGreaterThanOrEqual(promised)
          for (const [what, times] of Object.entries(network.told)) told[what] = (told[what] ?? 0) + times
        } finally {
          await phone.close()
          await network.stop()
        }
      })
    }
  })
}
