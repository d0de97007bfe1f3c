// Trying a plan out on the map, in a real browser against the real server: every kind of
// step is taken by hand, and a link shows the same.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'
import { features, placeOn } from './tiles.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('trying a plan out', { skip: reason || false }, () => {
  let server, browser, planner, page
  /** id of the street that the plan closes */
  let closed = ''
  before(async () => {
    server = await start()
    browser = await launch()
    planner = await Screen.open(browser, `${server.url}/?lang=zh&limit=300&band=all`, desk, 'planner')
    page = planner.page
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const plan = () => new URL(page.url()).searchParams.get('plan') ?? ''
  const figure = async (which) => Number((await page.locator(`[data-whatif="${which}"] strong`).innerText()).replace(/[^\d<]/g, '').replace('<1', '0.5'))
  const answered = (body) => page.waitForResponse((response) => response.url().includes('/what-if') && response.request().postData().includes(body))

  it('puts a facility where one clicks', async () => {
    await page.locator('[data-whatif="begin"]').click()
    assert.equal(plan(), '0')
    await planner.accessible('an empty plan')
    await page.locator('[data-whatif="add"]').click()
    const [reply] = await Promise.all([answered('new-a'), page.locator('.map').click({ position: { x: 900, y: 300 } })])
    assert.equal(reply.status(), 200)
    await page.locator('.plan-pin').waitFor()
    assert.match(plan(), /^a[\d.]+,[\d.]+$/)
    assert.equal(reply.request().headers()['idempotency-key'], undefined)
  })

  it('says within the drag who gains, and writes the address when it is let go', async () => {
    const before = plan()
    const box = await page.locator('.plan-pin').boundingBox()
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    let best = 0
    for (let i = 1; i <= 5; i++) {
      const asked = answered('new-a')
      await page.mouse.move(x - 45 * i, y + 22 * i)
      const { bands } = await (await asked).json()
      // One at a time: an answer may be of the place before; the last one wins.
      await until('the figure of an answer', async () => (await figure('gained')) === Math.round(bands[0].gained))
      best = Math.max(best, bands[0].gained)
    }
    assert.ok(best > 0, 'nobody gains anywhere along the way')
    assert.equal(plan(), before)
    await page.mouse.up()
    await until('the address', () => plan() !== before && /^a/.test(plan()))
  })

  it('moves a pin by the keyboard, and undoes', async () => {
    const before = plan()
    await page.locator('.plan-pin').focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await until('another place', () => plan() !== before)
    await page.locator('[data-whatif="undo"]').click()
    assert.equal(plan(), before)
  })

  it('closes a facility from its drawer and lists what changes', async () => {
    const { facilities } = await (await (await server.as('planner'))('/api/v1/coverage?type=elderly_canteen&limit=900')).json()
    const [{ id }] = [...facilities].sort((a, b) => b.reached[0] - a.reached[0])
    // In five minutes nobody of so small a district reaches any, so nobody could miss one.
    const url = new URL(page.url())
    url.searchParams.set('limit', '900')
    url.searchParams.set('sel', `facility/${id}`)
    await page.goto(url.href)
    await planner.settled()
    const [reply] = await Promise.all([answered(id), page.locator('[data-whatif="close"]').click()])
    const { divisions, bands } = await reply.json()
    assert.ok(bands[0].lost + bands[0].farther > 0, 'nobody misses it')
    await until('the figure', async () => (await figure('lost')) === Math.round(bands[0].lost))
    const level = divisions.filter((d) => d.level === 'subdistrict')
    await until('the rows', async () => (await page.locator('#divisions-body tbody tr').count()) === level.length)
    await planner.accessible('a plan')
    await planner.shot('whatif-desk')
  })

  it('moves a facility by a click, with an arrow from where it was', async () => {
    const before = plan()
    const id = new URL(page.url()).searchParams.get('sel').split('/')[1]
    // What closes is not moved: the step goes first.
    await page.locator('[data-whatif="drop"]').click()
    await page.locator('[data-whatif="move"]').click()
    const [reply] = await Promise.all([answered('"move"'), page.locator('.map').click({ position: { x: 800, y: 250 } })])
    const { facilities } = await reply.json()
    const moved = facilities.find((f) => f.id === id)
    assert.equal(moved.moved, true)
    assert.match(plan(), new RegExp(`;m${id},`))
    await page.keyboard.press('Control+z')
    await until('the step undone', () => !plan().includes(`m${id}`))
    await page.keyboard.press('Control+Shift+z')
    await until('the step done again', () => plan().includes(`m${id}`))
    for (let i = 0; plan() !== before && i < 6; i++) await page.keyboard.press('Control+z')
    assert.equal(plan(), before)
    await planner.settled()
  })

  it('closes a street, shuts a gate and opens one where they are clicked, and names them', async () => {
    const ask = await server.as('planner')
    const { bounds } = await (await ask('/api/v1/district')).json()
    const streets = (await features(ask, 'roads', bounds)).filter(({ properties: p }) => p.walkable && p.name)
    const gates = await features(ask, 'barriers', bounds)
    const street = streets.find(({ geometry }) => geometry.type === 'LineString')
    const [open, shut] = [true, false].map((passable) => gates.find((g) => g.properties.passable === passable))
    assert.ok(street && open && shut, 'the demo district has streets and both kinds of gates')
    const chosen = [
      [street, 'close_way', street.properties.name],
      [open, 'shut_gate', '小区门'],
      [shut, 'open_gate', '小区门'],
    ]
    for (const [feature, kind, name] of chosen) {
      const [lon, lat] = placeOn(feature)
      await planner.look(lon, lat, 17.5)
      if ((await page.locator('[data-whatif="street"]').count()) === 1) await page.locator('[data-whatif="street"]').click()
      const [reply] = await Promise.all([answered(kind), planner.click(lon, lat)])
      const steps = JSON.parse(reply.request().postData()).steps
      const step = steps.at(-1)
      assert.equal(step.do, kind)
      const { streets } = await reply.json()
      const told = streets.find((each) => each.id === step.id)
      assert.ok(told, 'the answer describes it')
      const line = page.locator('.whatif ol li').last()
      await until('its name', async () => (await line.innerText()).includes(name))
      assert.ok(!(await line.innerText()).includes(step.id), 'no id of the source')
      if (kind === 'close_way') {
        closed = step.id
        assert.ok(told.length_m > 1 && told.geometry.coordinates.length > 0)
        await planner.shot('whatif-street')
      }
    }
    // A second click takes a step back.
    const [lon, lat] = placeOn(shut)
    await planner.click(lon, lat)
    await until('the step taken back', () => !/;o/.test(plan()))
    await page.keyboard.press('Escape')
    await page.locator('[data-whatif="street"]').waitFor()
  })

  it('adds a path from street to street', async () => {
    const ask = await server.as('planner')
    const { bounds } = await (await ask('/api/v1/district')).json()
    const streets = (await features(ask, 'roads', bounds)).filter(
      ({ geometry, properties: p }) => p.walkable && p.name && p.id !== closed && geometry.type === 'LineString',
    )
    const from = placeOn(streets[0])
    const far = ([lon, lat]) => Math.hypot((lon - from[0]) * Math.cos((lat * Math.PI) / 180), lat - from[1])
    const to = streets.slice(1).map(placeOn).filter((at) => far(at) > 3e-4).sort((a, b) => far(a) - far(b))[0]
    await planner.look((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, 15.5)
    await page.locator('[data-whatif="path"]').click()
    await planner.click(...from)
    const [reply] = await Promise.all([answered('add_path'), planner.click(...to)])
    const { streets: told } = await reply.json()
    assert.ok(told.some((each) => each.do === 'add_path' && each.length_m > 30))
    await until('the step', async () => (await page.locator('.whatif ol li').last().innerText()).includes('通道'))
  })

  it('opens what is only planned', async () => {
    const lounge = (await (await (await server.as('planner'))('/api/v1/facilities?type=residents_lounge')).json()).facilities[0]
    const other = await Screen.open(browser, `${server.url}/?lang=zh&type=residents_lounge&sel=facility/${lounge.id}`, desk, 'planner')
    const asked = other.page.waitForResponse((response) => response.url().includes('/what-if') && response.request().postData().includes('reopen'))
    await other.page.locator('[data-whatif="reopen"]').click()
    const { facilities } = await (await asked).json()
    assert.ok(facilities.some((f) => f.id === lounge.id && f.open))
    assert.match(other.params().get('plan'), /^r/)
    assert.deepEqual(other.faults, [])
    await other.close()
  })

  it('shows today, the plan or what differs, and the address says which', async () => {
    const { facilities } = await (await (await server.as('planner'))('/api/v1/coverage?type=elderly_canteen&limit=900')).json()
    await planner.look(facilities[0].lon, facilities[0].lat, 14.6)
    const tiles = []
    page.on('request', (request) => request.url().includes('/tiles/people') && tiles.push(new URL(request.url())))
    await page.locator('[data-trial="change"]').click()
    assert.equal(planner.params().get('trial'), 'change')
    await planner.settled()
    await planner.accessible('what a plan changes')
    await planner.shot('whatif-change')
    await page.locator('[data-trial="today"]').click()
    assert.equal(planner.params().get('trial'), 'today')
    await until('the tiles of today', () => tiles.some((url) => !url.searchParams.has('plan')))
    await page.locator('[data-trial="plan"]').click()
    assert.equal(planner.params().get('trial'), null)
    await planner.settled()
    await planner.shot('whatif-plan')
  })

  it('is the same behind its link, on a phone and in English', async () => {
    const gained = await figure('gained')
    const url = new URL(page.url())
    url.searchParams.set('lang', 'en')
    url.searchParams.delete('sel')
    const other = await Screen.open(browser, url.href, phone, 'planner')
    const strip = other.page.locator('[data-whatif="gained"] strong')
    await until('the same figure', async () => Number((await strip.innerText()).replace(/[^\d]/g, '')) === gained)
    assert.equal(await other.page.locator('.plan-pin').count(), 1)
    await other.accessible('a plan on a phone')
    await other.shot('whatif-phone')
    assert.deepEqual(other.faults, [])
  })

  it('ends and leaves nothing behind', async () => {
    await page.locator('[data-whatif="reset"]').click()
    assert.equal(plan(), '0')
    await page.locator('[data-whatif="end"]').click()
    assert.equal(plan(), '')
    assert.equal(await page.locator('.plan-pin').count(), 0)
    assert.deepEqual(planner.faults, [])
  })
})
