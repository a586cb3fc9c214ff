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

// Keeps a page; who is logged out has none. Throws where the network fails.
const keep = async (cache, address) => {
  const answer = await fetch(address, { credentials: 'same-origin', cache: 'no-store' })
  if (answer.ok && !answer.redirected) await cache.put(address, answer)
  else if (answer.status < 500) await cache.delete(address)
}

const refresh = async () => {
  const cache = await caches.open(CACHE)
  await keep(cache, SHELL)
  await keep(cache, LIST)
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
      for (const name of await caches.keys()) if (name.startsWith('pufa-') && name !== CACHE) await caches.delete(name)
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
  const kept = await cache.match(path === LIST ? LIST : SHELL)
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

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
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

self.addEventListener('message', (event) => {
  if (event.data === 'refresh') event.waitUntil(refresh().catch(() => {}))
  if (event.data === 'forget') event.waitUntil(caches.open(CACHE).then((cache) => Promise.all([cache.delete(SHELL), cache.delete(LIST)])))
})
