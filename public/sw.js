// The service worker: keeps the shell of the log page, so that it opens without a network, and sends what waits when the
// browser says that there is one again. The server writes BUILD and ASSETS in front (src/outbox/worker.rs).
'use strict'
/* global BUILD, ASSETS, outbox */
importScripts(`/pkg/${BUILD}/outbox.js`)

const CACHE = `pufa-${BUILD}`
// The log form of every type, and the list of what waits: whole pages, rendered by the server for this account.
const SHELL = '/outbox/log'
const LIST = '/outbox'
// Milliseconds after which a log page comes from the shell though the network has not given up.
const PATIENCE = 4_000

// Keeps a page. Whoever's session has ended keeps what was kept; who may not log any more has no form. A page of another
// build needs files that are not here: the worker of that build keeps it. Throws where the network fails.
const keep = async (cache, address) => {
  const answer = await fetch(address, { credentials: 'same-origin', cache: 'no-store' })
  if ([403, 404].includes(answer.status)) await cache.delete(address)
  if (!answer.ok || answer.redirected) return
  const build = /data-build="([^"]*)"/.exec(await answer.clone().text())?.[1]
  if (build === BUILD) await cache.put(address, answer)
  else self.registration.update().catch(() => {})
}

const others = async () => (await caches.keys()).filter((name) => name.startsWith('pufa-') && name !== CACHE)

// Whose form is kept, in this build's cache or a former one's.
const keptFor = async () => /data-account="([^"]*)"/.exec((await (await caches.match(SHELL))?.text()) ?? '')?.[1]

const forget = async () => {
  for (const name of [CACHE, ...(await others())]) {
    const cache = await caches.open(name)
    await cache.delete(SHELL)
    await cache.delete(LIST)
  }
}

// Keeps both pages anew. What former builds kept goes only when there is something in its place.
const refresh = async () => {
  const cache = await caches.open(CACHE)
  await keep(cache, LIST)
  await keep(cache, SHELL)
  if (await cache.match(SHELL)) for (const name of await others()) await caches.delete(name)
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      // From the browser's own cache where the page has loaded them already.
      await (await caches.open(CACHE)).addAll(ASSETS)
      await refresh()
      await self.skipWaiting()
    })(),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      await self.registration.navigationPreload?.enable()
      await self.clients.claim()
    })(),
  )
})

const fromNetwork = async (event) => (await event.preloadResponse) ?? fetch(event.request)

// A page: from the network; where that fails or, for the log form, is slow, from what was kept.
const page = async (event) => {
  const path = new URL(event.request.url).pathname
  const cache = await caches.open(CACHE)
  const own = path === LIST ? LIST : SHELL
  const kept = (await cache.match(own)) ?? (await caches.match(own))
  const network = fromNetwork(event)
  if (!kept) return network
  const isLog = path === '/log' || path.startsWith('/log/')
  const late = new Promise((resolve) => isLog && setTimeout(resolve, PATIENCE, null))
  const answer = await Promise.race([network.catch(() => null), late])
  // A gateway that speaks for a server that restarts.
  const isGone = !answer || [502, 503, 504].includes(answer.status)
  if (isGone) network.catch(() => {})
  return isGone ? kept : answer
}

// A form that did not arrive comes back as a page with all that was typed, to be sent again: the browser's own page would
// have lost it. Files and passwords are not kept; such forms go the browser's way.
const sendForm = async (request) => {
  const copy = request.clone()
  const answer = await fetch(request).catch(() => null)
  if (answer && ![502, 503, 504].includes(answer.status)) return answer
  const kept = await (await caches.match(SHELL))?.text()
  const attribute = (name) => new RegExp(`${name}="([^"]*)"`).exec(kept ?? '')?.[1] ?? ''
  const words = JSON.parse(attribute('data-words').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&') || 'null')
  if (!words) return answer ?? Response.error()
  const safe = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  const fields = [...new URLSearchParams(await copy.text())]
  const long = (text) => /\n/.test(text) || text.length > 40
  const shown = fields.map(([name, text]) =>
    long(text)
      ? `<textarea name="${safe(name)}" rows="12" aria-label="${safe(name)}">\n${safe(text)}</textarea>`
      : `<input type="hidden" name="${safe(name)}" value="${safe(text)}">`,
  )
  const short = fields.filter(([name, text]) => text && !long(text) && !['do', 'id', 'version'].includes(name))
  const page = `<!DOCTYPE html><html lang="${attribute('lang')}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${safe(words.not_sent_title)}</title><link rel="stylesheet" href="/pkg/${BUILD}/pufa.css">
<main><h1>${safe(words.not_sent_title)}</h1><p>${safe(words.not_sent_keep)}</p>
<form class="form" method="post" action="${safe(request.url)}">${shown.join('')}
<ul class="plain">${short.map(([, text]) => `<li>${safe(text)}</li>`).join('')}</ul>
<div><button class="primary">${safe(words.send_again)}</button></div></form></main>`
  return new Response(page, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } })
}
const HAS_PASSWORD = /^\/(login|setup|link|me|accounts)(\/|$)/

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin) return
  if (request.method === 'POST' && request.mode === 'navigate' && !HAS_PASSWORD.test(url.pathname)) {
    if (request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) event.respondWith(sendForm(request))
    return
  }
  if (request.method !== 'GET') return
  if (request.mode === 'navigate') {
    event.respondWith(page(event))
  } else if (url.pathname.startsWith('/pkg/')) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)))
  }
})

// Background Sync, where the browser has it: sends with no page open. What is left over is tried again.
self.addEventListener('sync', (event) => {
  if (event.tag !== 'outbox') return
  event.waitUntil(
    outbox.sendEverybodys().then((stopped) => {
      if (stopped === 'network') throw new Error('later')
    }),
  )
})

// A page says who is logged in, or that nobody is any more. One account's form is never shown to another.
self.addEventListener('message', (event) => {
  const { refresh: account, forget: gone } = event.data ?? {}
  if (gone) event.waitUntil(forget())
  if (account === undefined) return
  event.waitUntil(
    (async () => {
      const former = await keptFor()
      if (former !== undefined && former !== account) await forget()
      await refresh().then(() => event.ports[0]?.postMessage('kept'), () => {})
    })(),
  )
})
