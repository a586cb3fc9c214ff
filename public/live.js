// An open dashboard moves by itself: the server says that something was written, never what; the page is fetched again and
// the parts of it that differ are put in place. Scroll, focus and what is unfolded stay; where somebody types, selects or
// touches, it waits. Without this file a page simply stays as it is.
'use strict'
;(() => {
  const box = document.getElementById('live')
  if (!box) return
  // What the server sent last of each part: what the reader unfolds is not in it.
  const source = (part) => part.outerHTML
  let parts = [...box.children].map(source)

  // What is folded on a phone stands open where there is room.
  const unfold = () => {
    if (matchMedia('(min-width: 960px)').matches) for (const fold of box.querySelectorAll('details.brief')) fold.open = true
  }
  unfold()

  const line = document.getElementById('live-line')
  if (!line || !self.EventSource || typeof AbortSignal.timeout !== 'function') return
  const words = JSON.parse(line.dataset.words)
  const unit = box.dataset.unit

  // ---- the line ----

  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hour12: false })
  let time = clock()
  const say = (text) => {
    if (line.textContent !== text) line.textContent = text
  }
  const show = () => say((failures ? words.away : words.live).replace('{time}', time))

  // ---- putting in place ----

  let pressed = false
  addEventListener('pointerdown', () => (pressed = true), true)
  for (const end of ['pointerup', 'pointercancel', 'dragend']) addEventListener(end, () => (pressed = false), true)
  const touched = (field) => {
    if (field.tagName === 'SELECT') {
      const usual = [...field.options].findIndex((option) => option.defaultSelected)
      return field.selectedIndex !== Math.max(usual, 0)
    }
    return field.type === 'checkbox' || field.type === 'radio' ? field.checked !== field.defaultChecked : field.value !== field.defaultValue
  }
  const busy = () => {
    const selection = getSelection()
    return (
      pressed ||
      (selection && !selection.isCollapsed && box.contains(selection.anchorNode)) ||
      [...box.querySelectorAll('input, select, textarea')].some((field) => field === document.activeElement || touched(field))
    )
  }

  const name = (element) => [element.tagName, element.id, element.getAttribute('href'), element.name].join(' ')
  const swap = (fresh) => {
    const active = document.activeElement
    const held = box.contains(active) ? active : null
    const alike = () => [...box.querySelectorAll(held.tagName)].filter((other) => name(other) === name(held))
    const at = held && alike().indexOf(held)
    const unfolded = [...box.querySelectorAll('details')].map((fold) => fold.open)
    const slid = [...box.querySelectorAll('.scroll')].map((frame) => frame.scrollLeft)
    const [left, top] = [scrollX, scrollY]
    const [news, olds] = [[...fresh.children], [...box.children]]
    const sent = news.map(source)
    if (news.length === olds.length) {
      news.forEach((part, at) => sent[at] !== parts[at] && olds[at].replaceWith(part))
    } else {
      box.replaceChildren(...news)
    }
    parts = sent
    box.dataset.now = fresh.dataset.now
    const folds = [...box.querySelectorAll('details')]
    if (folds.length === unfolded.length) folds.forEach((fold, at) => (fold.open = unfolded[at]))
    else unfold()
    const frames = [...box.querySelectorAll('.scroll')]
    if (frames.length === slid.length) frames.forEach((frame, at) => (frame.scrollLeft = slid[at]))
    if (held && !held.isConnected) (alike()[at] ?? alike()[0])?.focus({ preventScroll: true })
    scrollTo({ left, top, behavior: 'instant' })
  }

  // Words beside the part that moves: the day on a wall that hangs for weeks.
  const heads = (page) => {
    for (const head of document.querySelectorAll('[data-live]')) {
      const text = page.querySelector(`[data-live="${head.dataset.live}"]`)?.textContent
      if (text && text !== head.textContent) head.textContent = text
    }
  }

  // ---- fetching: at once when called, then with pauses that grow with what it costs and with what goes wrong ----

  let stale = false
  let running = false
  let ended = false
  let failures = 0
  let next = 0
  let timer
  const soon = (wait = 0) => {
    stale = true
    if (running || ended || document.hidden) return
    clearTimeout(timer)
    timer = setTimeout(fetchAgain, Math.max(wait, next - performance.now()))
  }
  const fetchAgain = async () => {
    if (running || ended || document.hidden) return
    if (busy()) return soon(2_000)
    running = true
    stale = false
    const began = performance.now()
    try {
      const answer = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(20_000) })
      const isElsewhere = answer.redirected && new URL(answer.url).pathname !== location.pathname
      if (isElsewhere || answer.status === 401 || answer.status === 404) return end()
      const page = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html')
      const fresh = page && page.getElementById('live')
      if (!fresh) throw new Error(`${answer.status}`)
      if (busy()) stale = true
      else {
        swap(fresh)
        heads(page)
        time = clock()
      }
      failures = 0
    } catch {
      failures += 1
      stale = true
    } finally {
      running = false
    }
    next = performance.now() + (failures ? Math.min(60_000, 2_500 * 2 ** failures) : Math.max(1_000, 3 * (performance.now() - began)))
    show()
    if (stale) soon(failures ? 0 : 2_000)
  }
  // Nobody is logged in any more, or may not read this any more: what is shown stays, and says so.
  const end = () => {
    ended = true
    leave()
    say(words.ended + ' ')
    const link = document.createElement('a')
    link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`
    link.textContent = words.login
    line.append(link)
  }

  // ---- listening: one tab for all that show the same unit, and only while it is seen ----

  const others = self.BroadcastChannel && new BroadcastChannel(`pufa-live ${unit}`)
  if (others) others.onmessage = () => soon()
  let stream = null
  let turned = null
  let release = null
  let away = 0
  const open = () => {
    stream = new EventSource(`/live?unit=${encodeURIComponent(unit)}&since=${box.dataset.now}`)
    stream.onopen = () => {
      away = 0
      show()
    }
    stream.addEventListener('changed', () => {
      others?.postMessage('changed')
      soon()
    })
    // The stream ended, or was never to be had: the page is looked at again, and then listened to again.
    stream.onerror = () => {
      stream?.close()
      stream = null
      away += 1
      const mine = release
      setTimeout(() => {
        if (mine !== release || ended || document.hidden || stream) return
        if (away > 1) soon()
        open()
      }, Math.min(60_000, 500 * 2 ** away))
    }
  }
  const listen = () => {
    if (release || turned || ended || document.hidden) return
    const hold = () =>
      new Promise((resolve) => {
        release = resolve
        open()
      })
    if (!navigator.locks) return void hold()
    turned = new AbortController()
    navigator.locks
      .request(`pufa-live ${unit}`, { signal: turned.signal }, () => {
        turned = null
        return document.hidden || ended ? undefined : hold()
      })
      .catch(() => {})
  }
  const leave = () => {
    turned?.abort()
    turned = null
    stream?.close()
    stream = null
    release?.()
    release = null
  }
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer)
    if (document.hidden) return leave()
    listen()
    // Whatever was written meanwhile.
    soon()
  })
  addEventListener('pagehide', leave)
  addEventListener('pageshow', (event) => event.persisted && (listen(), soon()))
  listen()
  show()
  // A wall that nobody looks after, and a page whose stream is not to be had.
  setInterval(() => (box.dataset.steady || away > 2) && soon(), 60_000)
})()
