// The page's part of logging without a network: the line that says whether there is one and what waits, when to send, the
// service worker, logging out. `log.js` and `waiting.js` build on it. Every form works without these files.
'use strict'

self.phone = (() => {
  const box = document.getElementById('phone')
  if (!box) return null
  const words = JSON.parse(box.dataset.words)
  const account = box.dataset.account
  const shell = document.getElementById('shell')
  const $ = (selector, within = document) => within.querySelector(selector)
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)]
  const say = (text, values = {}) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '')
  const make = (name, props = {}, ...children) => {
    const element = Object.assign(document.createElement(name), props)
    element.append(...children.filter((child) => child != null))
    return element
  }

  // Encryption's functions and IndexedDB: over plain HTTP from elsewhere there are none, and forms are sent as ever.
  const able = window.isSecureContext && 'indexedDB' in window && !!crypto.subtle && typeof AbortSignal.timeout === 'function'

  // Puts [name, value] pairs into a form; boxes that are not named are unticked.
  const fill = (form, pairs) => {
    for (const field of form.elements) {
      if (!field.name || field.name === 'id') continue
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => value)
      if (['checkbox', 'radio'].includes(field.type)) field.checked = values.includes(field.value)
      else if (values.length) field.value = values[0]
    }
    // Opened where something stands in them.
    for (const fold of $$('details', form)) {
      if ($$('input:not([type=radio], [type=checkbox]), textarea', fold).some((field) => field.value) || $('input[type=checkbox]:checked', fold)) fold.open = true
    }
    form.dispatchEvent(new Event('input', { bubbles: true }))
  }

  // The page that follows a plain save says that it was saved: the draft that log.js kept has done its work.
  try {
    const sent = sessionStorage.getItem('pufa-draft-sent')
    if (sent && location.pathname.startsWith('/activities/')) localStorage.removeItem(sent)
    sessionStorage.removeItem('pufa-draft-sent')
  } catch {
    // A browser that keeps nothing.
  }
  // Other forms than the log's need the network: without one they stay as they are, and say so.
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (navigator.onLine || event.defaultPrevented || form.method !== 'post') return
    event.preventDefault()
    const said = $('.not-sent', form) ?? make('p', { className: 'notice not-sent', role: 'alert' })
    said.textContent = words.not_sent
    form.prepend(said)
  })
  if (!able) return { able, account, words, fill, $, $$ }

  // ---- the clock: what the server's says, for phones whose own is wrong ----

  let offset = 0
  const clock = (async () => {
    if (!shell) {
      const apart = Number(box.dataset.now) - Date.now()
      // Seconds are the network's.
      await outbox.put('note', Math.abs(apart) > 120_000 ? apart : 0, 'clock').catch(() => {})
    }
    offset = (await outbox.get('note', 'clock').catch(() => 0)) ?? 0
  })()
  const now = () => Date.now() + offset
  const today = () => new Date(now() + 8 * 3_600_000).toISOString().slice(0, 10)

  // UUID version 7: sorts by the time it was made.
  const uuid = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    const time = BigInt(now())
    for (let at = 0; at < 6; at += 1) bytes[at] = Number((time >> BigInt(8 * (5 - at))) & 0xffn)
    bytes[6] = 0x70 | (bytes[6] & 0x0f)
    bytes[8] = 0x80 | (bytes[8] & 0x3f)
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  // ---- the line: connected or not, and what waits ----

  const line = $('#net')
  let stopped = ''
  const showLine = async () => {
    if (!line) return
    const waits = await outbox.count(account)
    const parts = []
    if (waits.entries) parts.push(say(words.waits_entries, { n: waits.entries }))
    if (waits.pictures) parts.push(say(words.waits_pictures, { n: waits.pictures }))
    const any = parts.length > 0
    const away = !navigator.onLine || stopped === 'network' || (shell && stopped !== '')
    let text = away ? words.offline : words.online
    if (any) text += words.join + parts.join(words.and)
    if (any && stopped === 'login') text = say(words.login, { n: parts.join(words.and) })
    if (any && stopped === 'account') text = words.account
    if (waits.refused) text += words.join + say(words.refused, { n: waits.refused })
    if (!('serviceWorker' in navigator)) text += words.join + words.no_worker
    line.hidden = !any && !away && !line.dataset.always
    line.className = `net${away ? ' away' : ''}${any ? ' waits' : ''}`
    line.replaceChildren(text)
    if (any) line.append(' ', make('a', { href: '/outbox', textContent: words.look }))
    if (any && stopped === 'login') line.append(' ', make('a', { href: `/login?next=${encodeURIComponent(location.pathname)}`, textContent: words.login_do }))
  }

  // ---- sending: now, when the network returns, and again and again with pauses ----

  let pause = 5_000
  let timer
  const send = async (again = false) => {
    clearTimeout(timer)
    stopped = await outbox.send(account, again).catch(() => 'network')
    const waits = await outbox.count(account)
    if (['network', 'later'].includes(stopped) && waits.entries + waits.pictures > waits.refused) {
      timer = setTimeout(send, pause)
      pause = Math.min(pause * 2, 60_000)
    } else {
      pause = 5_000
    }
    await showLine()
    return stopped
  }
  addEventListener('online', () => send())
  addEventListener('offline', showLine)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && send())
  outbox.listeners.add(showLine)

  // ---- the service worker ----

  if ('serviceWorker' in navigator) {
    const mark = `${account} ${box.dataset.build}`
    const tell = async (worker) => {
      const known = await outbox.get('note', 'shell').catch(() => null)
      if (shell || !worker || (known?.mark === mark && Math.abs(Date.now() - known.at) < 600_000)) return
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => outbox.put('note', { mark, at: Date.now() }, 'shell')
      worker.postMessage({ refresh: account }, [port2])
    }
    // At once: what is kept may be somebody else's.
    tell(navigator.serviceWorker.controller)
    addEventListener('load', async () => {
      // Behind the page's own loading, which comes first on a thin line.
      await new Promise((resolve) => setTimeout(resolve, 500))
      const registration = await navigator.serviceWorker.register('/sw.js').catch(() => null)
      if (!navigator.serviceWorker.controller) tell(registration?.active)
    })
  }
  const wakeLater = async () => {
    const registration = await navigator.serviceWorker?.getRegistration()
    await registration?.sync?.register('outbox').catch(() => {})
  }

  // A question with its two answers as buttons that say what happens.
  const confirmed = (question, yes) =>
    new Promise((resolve) => {
      const dialog = make('dialog', { ariaLabel: question })
      const answer = (text, value, className) => {
        const button = make('button', { type: 'button', textContent: text, className })
        button.onclick = () => {
          dialog.close()
          resolve(value)
        }
        return button
      }
      dialog.append(make('p', { textContent: question }), make('p', { className: 'toolbar' }, answer(words.no, false, ''), answer(yes, true, 'danger')))
      dialog.oncancel = () => resolve(false)
      dialog.onclose = () => dialog.remove()
      document.body.append(dialog)
      dialog.showModal()
    })

  // ---- logging out asks first ----

  $('input[name=do][value=log_out]')?.form.addEventListener('submit', async (event) => {
    const form = event.target
    if (form.dataset.sure) return
    event.preventDefault()
    const waits = await outbox.count(account).catch(() => ({ entries: 0, pictures: 0 }))
    if (waits.entries + waits.pictures && !(await confirmed(say(words.log_out_sure, { n: waits.entries, m: waits.pictures }), words.log_out))) return
    form.dataset.sure = '1'
    const registration = await navigator.serviceWorker?.getRegistration()
    registration?.active?.postMessage({ forget: true })
    await outbox.drop('note', 'shell').catch(() => {})
    form.requestSubmit()
  })

  showLine()
  clock.then(() => outbox.tidy(account, now())).then(() => send(true)).catch(() => {})
  return { able, account, clock, confirmed, fill, make, now, say, send, shell, showLine, today, uuid, wakeLater, words, offset: () => offset, $, $$ }
})()
