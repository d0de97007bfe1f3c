// One browser page that notices everything that must not happen, and the few things
// that every step of the test does with it.
import { mkdirSync } from 'node:fs'
import assert from 'node:assert/strict'
import { chromium } from 'playwright-core'
import { AxeBuilder } from '@axe-core/playwright'
import { chromiumPath, demoPassword, session } from './server.mjs'

const WAIT_MS = 90_000
const POLL_MS = 100
// Pixels of the map for one of the page. A software renderer's time goes by the pixels, and
// no test looks at them; somebody who looks at the shots wants them whole (YIKE_E2E_PIXELS=1).
const MAP_PIXELS = Number(process.env.YIKE_E2E_PIXELS ?? 0.25)
const SHOTS = new URL('../test-results/', import.meta.url).pathname

export function launch() {
  mkdirSync(SHOTS, { recursive: true })
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      // Without a graphics card only the map's own picture needs one made up; the page
      // around it is drawn several times faster without.
      '--disable-gpu-compositing',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

// Maps jump instead of flying: nothing here is about how a flight looks.
export const desk = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' }
/** A desk where the picture matters less: a software renderer draws half the pixels. */
export const low = { viewport: { width: 1024, height: 640 }, reducedMotion: 'reduce' }
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' }

/** Polls from outside: a strict policy forbids the page to evaluate strings. */
export async function until(what, probe) {
  const deadline = Date.now() + WAIT_MS
  let last
  while (Date.now() < deadline) {
    try {
      const value = await probe()
      if (value) return value
    } catch (error) {
      last = error
    }
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
  throw new Error(`waited ${WAIT_MS / 1000} s for: ${what}${last ? ` (${last.message})` : ''}`)
}

/** Signs in through the form of the page. */
export async function fillSignIn(page, name, password) {
  await page.locator('[name=username]').fill(name)
  await page.locator('[name=password]').fill(password)
  await page.locator('form button.primary').click()
}

/** Signs in as a demo account, wherever the page stands. */
export async function signIn(page, name = 'planner') {
  const { origin } = new URL(page.url())
  await fillSignIn(page, name, await demoPassword(origin, name))
  await page.locator('.menu > button').waitFor()
}

/** A page in a browser of its own, where a demo account is signed in, or nobody if `as` is ''. */
export async function pageAs(browser, origin, options, as = 'planner') {
  const context = await browser.newContext(options)
  await context.addInitScript((ratio) => Object.defineProperty(window, 'devicePixelRatio', { get: () => ratio }), MAP_PIXELS)
  if (as) {
    const [name, value] = (await session(origin, as)).split('=')
    // Its prefix asks for https, but on this machine the browser sends it over http as well.
    await context.addCookies([{ name, value, url: origin.replace(/^http:/, 'https:') }])
  }
  return context.newPage()
}

// What the made-up graphics card says of itself is no fault of the page.
const DRIVER = /GL Driver Message .* GPU stall due to ReadPixels/
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

export class Screen {
  constructor(page, origin) {
    this.page = page
    this.origin = origin
    this.faults = []
  }

  /** Opens an address as a demo account; as nobody where `as` is ''. */
  static async open(browser, url, options = desk, as = 'planner') {
    const { origin, pathname } = new URL(url)
    const page = await pageAs(browser, origin, { locale: 'zh-CN', ...options }, as)
    const screen = new Screen(page, origin)
    page.on('console', (message) => {
      if (DRIVER.test(message.text())) return
      if (message.type() === 'error' || message.type() === 'warning') screen.faults.push(`console ${message.type()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => screen.faults.push(`uncaught: ${error.message}`))
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol.startsWith('http') && origin !== screen.origin) screen.faults.push(`request to ${origin}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 400) screen.faults.push(`${response.status()} ${response.url()}`)
    })
    await page.goto(url)
    if (as) await page.locator('.menu > button').waitFor()
    if (as && pathname.match(/^\/(facilities)?$/)) await screen.settled()
    return screen
  }

  /** Resolves when the figures answer the question and the map is drawn. */
  async settled() {
    let calm = 0
    await until('the screen to settle', async () => {
      const still =
        (await this.page.locator('.map[aria-busy="false"]').count()) === 1 &&
        (await this.page.locator('section[aria-busy="true"]').count()) === 0
      calm = still ? calm + 1 : 0
      return calm >= 3
    })
  }

  params() {
    return new URL(this.page.url()).searchParams
  }

  /** Screen point of a place, from the view that the address states. */
  async pointOf(lon, lat) {
    const [zoom, atLat, atLon] = this.params().get('v').split('/').map(Number)
    const size = 512 * 2 ** zoom
    const y = (deg) => size * (0.5 - Math.log(Math.tan(Math.PI / 4 + (deg * Math.PI) / 360)) / (2 * Math.PI))
    const box = await this.page.locator('.map').boundingBox()
    return {
      x: box.x + box.width / 2 + ((lon - atLon) / 360) * size,
      y: box.y + box.height / 2 + y(lat) - y(atLat),
    }
  }

  /** Looks at a place with a zoom, through the address as the back button would. */
  async look(lon, lat, zoom) {
    const url = new URL(this.page.url())
    url.searchParams.set('v', `${zoom}/${lat}/${lon}`)
    url.searchParams.delete('sel')
    await this.page.evaluate((href) => {
      history.pushState(null, '', href)
      dispatchEvent(new PopStateEvent('popstate'))
    }, url.href)
    await this.settled()
  }

  async click(lon, lat) {
    const { x, y } = await this.pointOf(lon, lat)
    await this.page.mouse.click(x, y)
  }

  text(selector) {
    return this.page.locator(selector).innerText()
  }

  async shot(name) {
    await this.page.screenshot({ path: `${SHOTS}${name}.png` })
  }

  /** Takes faults that belong to what was tried, of which there must be one. */
  forgive(pattern) {
    const left = this.faults.filter((fault) => !pattern.test(fault))
    assert.notEqual(left.length, this.faults.length, `nothing went wrong that matches ${pattern}`)
    this.faults = left
  }

  /** Fails where the page shuts somebody out. */
  async accessible(what) {
    // The policy of the page forbids injected scripts, so axe comes through the debugger.
    const axe = new AxeBuilder({ page: this.page }).setLegacyMode(true).withTags(AXE_TAGS)
    const { violations, passes } = await axe.analyze()
    assert.ok(passes.length > 15, `axe looked at ${what}`)
    const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)
    assert.deepEqual(found, [], `accessibility of ${what}`)
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    assert.ok(wide <= 0, `${what} is ${wide} px too wide`)
  }

  /** Another language, through the account menu. */
  async speak(language) {
    await this.page.locator('.menu > button').click()
    await this.page.getByRole('button', { name: language, exact: true }).click()
  }

  /** Fails if anything went wrong on this page since it was opened. */
  clean() {
    assert.deepEqual(this.faults, [])
  }

  async close() {
    await this.page.context().close()
  }
}
