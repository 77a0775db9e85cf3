/**
 * Lets the desk open while its server is away: it keeps the page and the scripts of one version, and nothing else. The
 * server always comes first, so a new version is taken at the next load; the kept page is for when nobody answers. What
 * people say and see, all of /api, goes past it.
 */

/** Put here by the build (console/service-worker.ts): the addresses of this version's files, and a name for them. */
declare const thisVersion: { version: string; files: readonly string[] }

// The few parts of a worker's world that are used; its own type library contradicts the page's.
type Waits = { waitUntil: (work: Promise<unknown>) => void }
type Installs = Waits & { addRoutes?: (routes: readonly unknown[]) => Promise<void> }
type Fetches = { request: Request; preloadResponse?: Promise<Response | undefined>; respondWith: (answer: Promise<Response>) => void }
type Scope = {
  location: Location
  skipWaiting: () => Promise<void>
  clients: { claim: () => Promise<void> }
  registration: { navigationPreload?: { enable: () => Promise<void> } }
  addEventListener: ((name: 'install', listen: (e: Installs) => void) => void) & ((name: 'activate', listen: (e: Waits) => void) => void) & ((name: 'fetch', listen: (e: Fetches) => void) => void)
}

const scope = globalThis as unknown as Scope
const { version, files } = thisVersion
const prefix = 'shuniu '
const name = prefix + version

/** After so long without an answer the kept page is shown, milliseconds. */
const patienceMs = 4000
// What a proxy says when the server behind it is away.
const away = new Set([502, 503, 504])

/** Keeps this version whole, or not at all: the server may be another one by now. */
async function take(): Promise<void> {
  const fresh = await fetch('/', { cache: 'no-cache' })
  const named = [...(await fresh.clone().text()).matchAll(/\/assets\/[\w.-]+/g)].map((m) => m[0])
  if (!fresh.ok || fresh.redirected || named.length === 0 || named.some((n) => !files.includes(n))) throw new Error('the server has another version by now')
  const cache = await caches.open(name)
  await cache.addAll(files)
  await cache.put('/', fresh)
  await scope.skipWaiting()
}

async function dropOthers(): Promise<void> {
  await Promise.all((await caches.keys()).filter((k) => k.startsWith(prefix) && k !== name).map((k) => caches.delete(k)))
  await scope.registration.navigationPreload?.enable()
  await scope.clients.claim()
}

const kept = async (address: string | Request): Promise<Response | undefined> => (await caches.open(name)).match(address, { ignoreVary: true, ignoreSearch: true })

/** The server's page; the kept one when nobody answers, or not in time. */
async function page(e: Fetches): Promise<Response> {
  const asked = (async () => (await e.preloadResponse) ?? (await fetch(e.request)))()
  const held = await kept('/')
  if (!held) return asked
  const late = new Promise<Response>((done) => setTimeout(() => done(held), patienceMs))
  try {
    const answer = await Promise.race([asked, late])
    return away.has(answer.status) ? held : answer
  } catch {
    return held
  }
}

const file = async (request: Request): Promise<Response> => (await kept(request)) ?? fetch(request)

scope.addEventListener('install', (e) => {
  // Where the browser can, requests to the server do not even wake this worker.
  e.waitUntil(Promise.all([take(), e.addRoutes?.([{ condition: { urlPattern: '/api/*' }, source: 'network' }])?.catch(() => undefined)]))
})
scope.addEventListener('activate', (e) => e.waitUntil(dropOthers()))
scope.addEventListener('fetch', (e) => {
  const { origin, pathname } = new URL(e.request.url)
  if (e.request.method !== 'GET' || origin !== scope.location.origin || pathname.startsWith('/api/')) return
  if (e.request.mode === 'navigate') {
    if (!/\.\w+$/.test(pathname)) e.respondWith(page(e)) // An address inside the console is the page itself.
  } else if (files.includes(pathname)) e.respondWith(file(e.request))
})

export {}
