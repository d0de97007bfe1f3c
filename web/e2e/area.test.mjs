// Counting the people of an area, in a real browser against the real server: one is drawn on
// the map, a facility's service area is counted, and both leave as files.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('an area', { skip: reason || false }, () => {
  let server, browser, planner, page, canteen
  before(async () => {
    server = await start()
    browser = await launch()
    canteen = (await (await (await server.as('planner'))('/api/v1/coverage?type=elderly_canteen&limit=900')).json()).facilities[0]
    planner = await Screen.open(browser, `${server.url}/?lang=zh&type=elderly_canteen&limit=900&band=all&v=14/${canteen.lat}/${canteen.lon}`, desk, 'planner')
    page = planner.page
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const within = () => planner.params().get('within') ?? ''
  const figure = async (which) => Number((await page.locator(`[data-area="${which}"]`).innerText()).split('\n')[0].replace(/[^\d]/g, ''))
  const counted = () => page.waitForResponse((response) => response.url().includes('/coverage/area'))

  it('is drawn by corners and counted', async () => {
    await page.locator('[data-area="draw"]').click()
    const box = await page.locator('.map').boundingBox()
    const [x, y] = [box.x + 900, box.y + 320]
    for (const [dx, dy] of [[-300, -200], [300, -200], [300, 200], [-300, 200]]) await page.mouse.click(x + dx, y + dy)
    const [reply] = await Promise.all([counted(), page.keyboard.press('Enter')])
    const { bands, facilities, points } = await reply.json()
    assert.ok(points > 0 && facilities.some((f) => f.id === canteen.id))
    const [all] = bands
    const sum = all.before.covered + all.before.uncovered + all.before.unsnapped
    assert.ok(Math.abs(sum - all.population) < 1e-6 && Math.abs(all.before.one + all.before.several - all.before.covered) < 1e-6)
    await until('the figure', async () => (await figure('population')) === Math.round(all.population))
    assert.equal(within().split(';').length, 4)
    await planner.accessible('an area')
    await planner.shot('area-desk')
  })

  it('is counted with a plan beside today', async () => {
    const url = new URL(page.url())
    url.searchParams.set('plan', `c${canteen.id}`)
    const asked = counted()
    await page.goto(url.href)
    const { bands } = await (await asked).json()
    assert.equal(bands[0].after.covered, 0)
    await until('both figures', async () => (await page.locator('[data-area="covered"]').innerText()).includes('→ 0'))
    await planner.settled()
    await planner.shot('area-plan')
  })

  it('leaves as files that have the question', async () => {
    for (const ending of ['csv', 'geojson']) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`[data-area="${ending}"]`).click()])
      const text = await readFile(await download.path(), 'utf8')
      assert.ok(text.includes('elderly_canteen') && text.includes(within()) && text.includes(`c${canteen.id}`), text)
      if (ending === 'geojson') assert.equal(JSON.parse(text).features[0].geometry.type, 'Polygon')
    }
  })

  it('is that of a facility, from its facts', async () => {
    const url = new URL(`${server.url}/?lang=en&type=elderly_canteen&limit=900&band=all&sel=facility/${canteen.id}`)
    const asked = counted()
    await page.goto(url.href)
    const { reaching, bands, divisions } = await (await asked).json()
    assert.ok(reaching[0] > 0 && reaching[0] <= bands[0].population && divisions.length > 0)
    const fact = page.locator('[data-area="served"]')
    await until('the sentence', async () => (await fact.innerText()).replaceAll(/[^\d]/g, '').startsWith(String(Math.round(bands[0].population))))
    await page.locator('[data-area="of-facility"]').click()
    assert.equal(within(), `facility:${canteen.id}`)
    await until('the figure', async () => (await figure('population')) === Math.round(bands[0].population))
    await planner.settled()
    await planner.accessible('a service area')
    await planner.shot('area-facility-en')
    await page.locator('[data-area="clear"]').click()
    assert.equal(within(), '')
    await page.locator('[data-area="draw"]').waitFor()
    assert.deepEqual(planner.faults, [])
  })

  it('is the same on a phone', async () => {
    const other = await Screen.open(browser, `${server.url}/?lang=zh&type=elderly_canteen&limit=900&band=all&within=facility:${canteen.id}`, phone, 'planner')
    await other.page.locator('[data-area="population"]').waitFor()
    await other.page.locator('[data-area="population"]').scrollIntoViewIfNeeded()
    await other.accessible('an area on a phone')
    await other.shot('area-phone')
    assert.deepEqual(other.faults, [])
  })
})
