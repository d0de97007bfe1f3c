// Keeps the app's code for the screens of the field on the device (service worker). The build puts
// the files and their fingerprint in place of the two words in double underscores.
//
// With a signal the server's page comes first, so that nobody works with an old app without
// knowing; without one the page of the last visit opens, for the field's own addresses only. Of
// the API nothing is ever kept here: what the user takes along is in IndexedDB.
const NAME = 'yike-field-__VERSION__'
const FILES = __FILES__
const FIELD = __FIELD__
const PAGE = '/index.html'
const SLOW_MS = 6000

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll([...FILES, PAGE].map((url) => new Request(url, { cache: 'no-cache' })))))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith('yike-field-') && name !== NAME).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting()
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (FIELD.includes(url.pathname.replace(/\/+$/, ''))) event.respondWith(page(request))
  } else if (FILES.includes(url.pathname)) {
    // The name of a file says what is in it, so a kept one is never old.
    event.respondWith(caches.open(NAME).then((cache) => cache.match(url.pathname)).then((kept) => kept ?? fetch(request)))
  }
})

async function page(request) {
  const slow = new AbortController()
  const timer = setTimeout(() => slow.abort(), SLOW_MS)
  try {
    const answer = await fetch(request, { signal: slow.signal })
    if (answer.status < 500) return answer
  } catch {
    // No signal, or as good as none: the kept page opens.
  } finally {
    clearTimeout(timer)
  }
  const kept = await (await caches.open(NAME)).match(PAGE)
  return kept ?? Response.error()
}
