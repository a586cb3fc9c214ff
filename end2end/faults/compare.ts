import { expect } from '@playwright/test'
import type { Kept } from './phone'
import type { Server } from './server'

interface Stored {
  id: string
  note: string
  quantities: { measure: string; value: number; precision: string }[]
  [member: string]: unknown
}

/** What the server has, asked as the officer: every entry whose note begins with `mark`, and its pictures' hashes. */
export async function stored(server: Server, token: string, mark: string): Promise<(Stored & { pictures: string[] })[]> {
  const ask = async (address: string) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${address}`, { headers: { authorization: `Bearer ${token}` } })
    expect(answer.status, address).toBe(200)
    return answer.json()
  }
  const found: (Stored & { pictures: string[] })[] = []
  let cursor = ''
  do {
    const page = await ask(`/api/v1/activities?unit=500113108&from=2021-12-01&limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    for (const entry of page.items as Stored[]) {
      if (!entry.note?.startsWith(mark)) continue
      const { items } = await ask(`/api/v1/activities/${entry.id}/evidence`)
      found.push({ ...entry, pictures: items.map((item: { sha256: string }) => item.sha256) })
    }
    cursor = page.next ?? ''
  } while (cursor)
  return found
}

/** Record by record: nothing lost, nothing doubled, nothing altered. */
export function expectSame(phone: Kept[], server: Awaited<ReturnType<typeof stored>>) {
  const plain = (list: string[]) => [...list].sort()
  expect(plain(server.map((entry) => entry.id))).toEqual(plain(phone.map((entry) => entry.id)))
  for (const own of phone) {
    const there = server.find((entry) => entry.id === own.id)
    const posted = JSON.parse(own.body)
    expect(there).toMatchObject({ unit: posted.unit, date: posted.date, type: posted.type, note: posted.note, quantities: posted.quantities })
    expect(plain(there?.pictures ?? [])).toEqual(plain(own.pictures.map((picture) => picture.sha)))
  }
}
