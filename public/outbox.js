// What waits on this device, and how it is sent: entries and pictures in IndexedDB, exactly once, in small steps, each
// with a receipt. The page (phone.js) and the service worker (sw.js) share this file.
//
// Exactly once: an entry's id is made here and its body never changes, so that the server knows a second sending; a
// picture goes by the hash of its bytes, part by part, and the server says how far it has come. Nothing is removed
// before the server has said in its own words that it has it; what it refuses stays, with the reason.
'use strict'

self.outbox = (() => {
  // Bytes of a picture in one request: seconds on one bar of signal, and little to send again.
  const PART = 96 * 1024
  // Milliseconds without an answer after which a request counts as lost.
  const PATIENCE = 30_000
  // Sent entries are shown for so long, in days.
  const RECEIPTS_DAYS = 30

  // ---- the database ----

  let opened
  const open = () => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open('pufa', 1)
      request.onupgradeneeded = () => {
        const db = request.result
        db.createObjectStore('entry', { keyPath: 'id' })
        db.createObjectStore('picture', { keyPath: 'key' }).createIndex('entry', 'entry')
        db.createObjectStore('bytes')
        db.createObjectStore('draft')
        db.createObjectStore('note')
      }
      request.onsuccess = () => {
        const db = request.result
        db.onversionchange = db.onclose = () => {
          db.close()
          opened = undefined
        }
        resolve(db)
      }
      request.onerror = () => {
        opened = undefined
        reject(request.error)
      }
    })
    return opened
  }

  // Runs `work` in one transaction: its request's result once all of it is on the disk.
  const run = async (stores, mode, work) => {
    const db = await open()
    return new Promise((resolve, reject) => {
      const transaction = db.transaction(stores, mode, { durability: 'strict' })
      const request = work(transaction)
      transaction.oncomplete = () => resolve(request?.result)
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'))
    })
  }

  const get = (store, key) => run([store], 'readonly', (t) => t.objectStore(store).get(key))
  const all = (store) => run([store], 'readonly', (t) => t.objectStore(store).getAll())
  const put = (store, value, key) => run([store], 'readwrite', (t) => t.objectStore(store).put(value, key))
  const drop = (store, key) => run([store], 'readwrite', (t) => t.objectStore(store).delete(key))

  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('pufa') : null
  const listeners = new Set()
  const changed = () => {
    listeners.forEach((listener) => listener())
    channel?.postMessage('changed')
  }
  channel?.addEventListener('message', () => listeners.forEach((listener) => listener()))

  // ---- what waits ----

  // entry: {id, account, body (the JSON text as it is sent), label, where, day, made, state, code, why, errors, receipt}
  // picture: {key, entry, account, sha, name, type, size, sent (bytes received by the server), state, why}
  // state: waiting | refused | sent
  const putPictures = (transaction, entry, pictures) => {
    for (const { bytes, ...picture } of pictures) {
      const key = `${entry.id}/${picture.sha}`
      const record = { ...picture, key, entry: entry.id, account: entry.account, size: bytes.byteLength, sent: 0, state: 'waiting' }
      transaction.objectStore('picture').put(record)
      transaction.objectStore('bytes').put(bytes, key)
    }
  }

  // Keeps entries with their pictures (the first entry has them), all or nothing, and lets go of the draft they were
  // typed in. `instead`: a refused entry that they replace; where it is not refused any more, nothing is done.
  const add = async (entries, pictures, { instead = null, draft = null } = {}) => {
    const former = instead ? await picturesOf(instead) : []
    await run(['entry', 'picture', 'bytes', 'draft'], 'readwrite', (transaction) => {
      const keep = () => {
        for (const entry of entries) transaction.objectStore('entry').add({ ...entry, state: 'waiting' })
        putPictures(transaction, entries[0], pictures)
        if (draft) transaction.objectStore('draft').delete(draft)
      }
      if (!instead) return void keep()
      const replaced = transaction.objectStore('entry').get(instead)
      replaced.onsuccess = () => {
        if (replaced.result?.state !== 'refused') return transaction.abort()
        removeIn(transaction, instead, former)
        keep()
      }
    })
    changed()
  }

  const removeIn = (transaction, id, pictures) => {
    transaction.objectStore('entry').delete(id)
    for (const { key } of pictures) {
      transaction.objectStore('picture').delete(key)
      transaction.objectStore('bytes').delete(key)
    }
  }

  // Removes an entry because a person said so, or because what was typed still stands in its form. Never while it is being
  // sent, and not once it was: whether it is gone.
  const remove = (id, from = ['waiting', 'refused', 'sent']) =>
    locked(async () => {
      const entry = await get('entry', id)
      if (!entry || !from.includes(entry.state)) return false
      const pictures = await picturesOf(id)
      await run(['entry', 'picture', 'bytes'], 'readwrite', (transaction) => removeIn(transaction, id, pictures))
      changed()
      return true
    })

  // Changes a record that is still there.
  const change = (store, key, alter) =>
    run([store], 'readwrite', (transaction) => {
      const request = transaction.objectStore(store).get(key)
      request.onsuccess = () => request.result && transaction.objectStore(store).put(alter(request.result))
    })

  const picturesOf = (id) => run(['picture'], 'readonly', (t) => t.objectStore('picture').index('entry').getAll(id))

  // An account's entries, oldest first, each with its pictures.
  const list = async (account) => {
    const [entries, pictures] = await Promise.all([all('entry'), all('picture')])
    return entries
      .filter((entry) => entry.account === account)
      .sort((a, b) => (a.made < b.made ? -1 : 1))
      .map((entry) => ({ ...entry, pictures: pictures.filter((picture) => picture.entry === entry.id) }))
  }

  const unsent = (entry) => entry.state !== 'sent' || entry.pictures.some((picture) => picture.state !== 'sent')

  // How many entries and pictures the server does not have yet, and how many of them it refused.
  const count = async (account) => {
    const entries = await list(account)
    const parts = entries.flatMap((entry) => [entry, ...entry.pictures])
    return {
      entries: entries.filter((entry) => entry.state !== 'sent').length,
      pictures: parts.filter((part) => part.sha && part.state !== 'sent').length,
      refused: parts.filter((part) => part.state === 'refused').length,
    }
  }

  // ---- sending ----

  // Why sending had to stop: network, login, account.
  class Stop extends Error {}

  // One request: {status, json}. An answer that is not ours (a hotel's log-in page, a proxy's) counts as none.
  const ask = async (method, address, account, body, headers) => {
    let answer
    let json
    try {
      answer = await fetch(address, {
        method,
        body,
        headers: { ...headers, 'Pufa-Account': encodeURIComponent(account) },
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE),
      })
      json = await answer.json()
    } catch {
      throw new Stop('network')
    }
    if (answer.status === 401) throw new Stop('login')
    if (json?.code === 'other_account') throw new Stop('account')
    if (typeof json !== 'object' || (!answer.ok && json?.status !== answer.status)) throw new Stop('network')
    // A fault of the server's, in its own words: this one later, the others now.
    const later = answer.status >= 500 || answer.status === 429
    return { json, ok: answer.ok, later }
  }

  const refused = (record, { json }) => ({ ...record, state: 'refused', code: json.code, why: json.detail, errors: json.errors ?? [] })
  const putOff = (record, { json }) => ({ ...record, why: json.detail })

  const sendEntry = async (entry) => {
    // Whether it arrived is not known until there is an answer.
    await change('entry', entry.id, (record) => ({ ...record, tried: true }))
    const headers = { 'Content-Type': 'application/json', ...(entry.batch && { 'Pufa-Batch': entry.batch }) }
    const answer = await ask('POST', '/api/v1/activities', entry.account, entry.body, headers)
    if (answer.ok && answer.json.id !== entry.id) throw new Stop('network')
    await change('entry', entry.id, (record) => {
      if (answer.later) return putOff(record, answer)
      if (!answer.ok) return { ...refused(record, answer), tried: false }
      const { entered_at: at, questions } = answer.json
      return { ...record, state: 'sent', code: '', why: '', errors: [], receipt: { at, questions } }
    })
    return !answer.later
  }

  const sendPicture = async (picture) => {
    const bytes = await get('bytes', picture.key)
    const address = `/api/v1/activities/${picture.entry}/evidence/${picture.sha}`
    const query = new URLSearchParams({ size: picture.size, name: picture.name, ...(picture.taken && { taken: picture.taken }) })
    let at = picture.sent
    // A server that keeps saying another place is not believed for ever.
    for (let turns = 0; turns < 4 * Math.ceil(picture.size / PART) + 8; turns += 1) {
      query.set('offset', at)
      const answer = await ask('PUT', `${address}?${query}`, picture.account, bytes.slice(at, at + PART), { 'Content-Type': 'application/octet-stream' })
      if (answer.later) {
        await change('picture', picture.key, (record) => putOff(record, answer))
        return false
      }
      if (answer.ok && answer.json.evidence) {
        if (answer.json.evidence.sha256 !== picture.sha) throw new Stop('network')
        await change('picture', picture.key, (record) => ({ ...record, state: 'sent', sent: picture.size, why: '', receipt: { id: answer.json.evidence.id } }))
        await drop('bytes', picture.key)
        return true
      }
      if (!answer.ok && answer.json.code !== 'offset') {
        await change('picture', picture.key, (record) => refused({ ...record, sent: 0 }, answer))
        return true
      }
      if (!(answer.json.received >= 0)) throw new Stop('network')
      at = answer.json.received
      await change('picture', picture.key, (record) => ({ ...record, sent: at }))
    }
    throw new Stop('network')
  }

  // What may be different tomorrow: an unlocked month, a role given back.
  const CHANGEABLE = ['period_closed', 'forbidden', 'not_found']

  // The next thing to send that is not among `done`: entries first, for they are small and the figures count.
  const next = async (account, again, done) => {
    const due = (part) =>
      !done.has(part.key ?? part.id) &&
      (part.state === 'waiting' || (again && part.state === 'refused' && CHANGEABLE.includes(part.code)))
    const entries = await list(account)
    return entries.find(due) ?? entries.filter((entry) => entry.state === 'sent').flatMap((entry) => entry.pictures).find(due)
  }

  // Two tabs and the service worker do not send together: each thing is sent under a lock, by whoever has it.
  const locked = (work) => (navigator.locks ? navigator.locks.request('pufa-outbox', work) : work())

  // Sends what waits, oldest first; `again` also tries what was refused and may be right by now. Why something is left, or ''.
  const send = async (account, again = false) => {
    const done = new Set()
    let left = ''
    try {
      for (;;) {
        const more = await locked(async () => {
          const part = await next(account, again, done)
          if (!part) return false
          done.add(part.key ?? part.id)
          const settled = part.sha ? await sendPicture(part) : await sendEntry(part)
          if (!settled) left = 'later'
          changed()
          return true
        })
        if (!more) return left
      }
    } catch (error) {
      if (error instanceof Stop) return error.message
      throw error
    }
  }

  // For the service worker, which knows no page: whoever's entries wait are tried, under their own account.
  const sendEverybodys = async () => {
    const accounts = new Set((await all('entry')).map((entry) => entry.account))
    let stopped = ''
    for (const account of accounts) stopped = (await send(account)) || stopped
    return stopped
  }

  // Makes what was refused wait once more.
  const retry = async (id) => {
    const wait = (record) => (record.state === 'refused' ? { ...record, state: 'waiting' } : record)
    await change('entry', id, wait)
    for (const { key } of await picturesOf(id)) await change('picture', key, wait)
    changed()
  }

  // Forgets receipts that are old; never anything the server does not have.
  const tidy = async (account, now) => {
    const limit = new Date(now - RECEIPTS_DAYS * 86_400_000).toISOString()
    for (const entry of await list(account)) if (!unsent(entry) && entry.made < limit) await remove(entry.id, ['sent'])
  }

  // ---- as a file ----

  const base64 = (buffer) => {
    const bytes = new Uint8Array(buffer)
    let text = ''
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
    return btoa(text)
  }

  // Everything of an account that the server does not have, as text: to be carried to another device.
  const exported = async (account) => {
    const entries = []
    for (const entry of (await list(account)).filter(unsent)) {
      const pictures = []
      for (const picture of entry.pictures.filter((own) => own.state !== 'sent')) {
        pictures.push({ ...picture, bytes: base64(await get('bytes', picture.key)) })
      }
      entries.push({ ...entry, pictures })
    }
    return JSON.stringify({ pufa: 'outbox', version: 1, account, entries }, null, 1)
  }

  // Takes in such a file under the account that is logged in here; the ids stay, so that nothing is stored twice. How many.
  const imported = async (text, account) => {
    const { pufa, version, entries } = JSON.parse(text)
    if (pufa !== 'outbox' || version !== 1 || !Array.isArray(entries)) throw new Error('no outbox')
    let added = 0
    for (const { pictures, ...entry } of entries) {
      const known = await get('entry', entry.id)
      if (known || JSON.parse(entry.body).id !== entry.id) continue
      const carried = pictures.map(({ sha, name, type, taken, bytes }) => ({
        sha, name, type, taken, bytes: Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)).buffer,
      }))
      await run(['entry', 'picture', 'bytes'], 'readwrite', (transaction) => {
        transaction.objectStore('entry').put({ ...entry, account, state: entry.state === 'sent' ? 'sent' : 'waiting' })
        putPictures(transaction, { ...entry, account }, carried)
      })
      added += 1
    }
    changed()
    return added
  }

  return { add, all, count, drop, exported, get, imported, list, listeners, picturesOf, put, remove, retry, send, sendEverybodys, tidy, unsent }
})()
