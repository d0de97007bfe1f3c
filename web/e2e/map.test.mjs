// The planner's way through the map, in a real browser against the real server: every
// step also fails on a console message, a policy violation or a request elsewhere.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'
import { features, placeOn } from './tiles.mjs'

const THIN = '\u2009'
const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

/** What the screen must show for a number of people. */
function people(n, lang = 'zh') {
  if (n > 0 && n < 0.5) return '<1'
  return String(Math.round(n)).replace(/\B(?=(\d{3})+(?!\d))/g, lang === 'zh' ? THIN : ',')
}

/** Parts in whole people that add up: the largest remainders are rounded up. */
function whole(parts) {
  const floors = parts.map(Math.floor)
  let missing = Math.round(parts.reduce((a, b) => a + b, 0)) - floors.reduce((a, b) => a + b, 0)
  const order = parts.map((part, i) => [part - floors[i], i]).sort(([a, i], [b, j]) => b - a || i - j)
  for (const [, i] of order) if (missing-- > 0) floors[i] += 1
  return floors
}

/** A number of people as the screen shows it. */
const read = (text) => Number(text.replace('<1', '0').replace(/[^\d]/g, ''))

describe('the map', { skip: reason || false }, () => {
  let server, browser, screen, page, api, ask

  before(async () => {
    server = await start()
    browser = await launch()
    ask = await server.as('planner')
    api = async (path) => {
      const response = await ask(`/api/v1/${path}`)
      assert.equal(response.status, 200, path)
      return response.json()
    }
    screen = await Screen.open(browser, server.url)
    page = screen.page
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const answerNow = () => {
    const p = screen.params()
    const q = new URLSearchParams(['type', 'limit', 'speed', 'base'].map((k) => [k, p.get(k)]))
    return api(`coverage?${q}`)
  }

  const figuresAre = async (lang = 'zh') => {
    await screen.settled()
    const answer = await answerNow()
    const band = answer.bands.find((b) => b.band === screen.params().get('band'))
    const shown = (await screen.text('[data-figure="uncovered"]')).replace(/\s*(人|people)$/, '')
    const [, uncovered] = whole([band.covered, band.uncovered, band.unsnapped])
    if (band.uncovered >= 1 && band.uncovered < 9999.5) assert.equal(shown.trim(), people(uncovered, lang))
    const share = await screen.text('[data-figure="share"]')
    const wanted = band.population_coverage === null ? '–' : band.population_coverage * 100
    if (typeof wanted === 'number') assert.ok(Math.abs(parseFloat(share) - wanted) < 0.11, `${share} for ${wanted}`)
    return answer
  }

  it('was compiled against the API of this server; if not: npm run api:types', () => {
    const path = (name) => fileURLToPath(new URL(name, import.meta.url))
    const made = execFileSync(path('../node_modules/.bin/openapi-typescript'), [`${server.url}/api/v1/openapi.json`], {
      encoding: 'utf8',
      maxBuffer: 1 << 24, // the API has outgrown what is usual
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    assert.equal(made.trim(), readFileSync(path('../src/api/schema.d.ts'), 'utf8').trim())
  })

  it('opens with the district, its answer and its notices', async () => {
    const district = await api('district')
    const html = page.locator('html')
    assert.equal(await html.getAttribute('lang'), 'zh-CN')
    assert.ok((await screen.text('h1')).includes(district.name.zh))
    await figuresAre()
    for (const notice of district.notices) assert.ok((await screen.text('.notices')).includes(notice.zh))
    assert.match(await screen.text('.maplibregl-ctrl-scale'), /\d+\s*k?m/)
    if (district.synthetic) assert.ok((await screen.text('.banner')).includes('合成'))
    assert.equal(screen.params().get('band'), district.defaults.band)
    assert.equal(await page.getByRole('checkbox', { name: /底图/ }).count(), district.base_map.enabled ? 1 : 0)
    await screen.shot('desk-zh')
    screen.clean()
  })

  it('draws the layers the server sends', async () => {
    const asked = await page.evaluate(() => performance.getEntriesByType('resource').map((e) => e.name))
    assert.ok(asked.some((name) => name.includes('/tiles/') && name.includes('.json')))
    // A drawn map has many colours; an empty one has its ground only.
    const box = await page.locator('.map').boundingBox()
    const image = await page.screenshot({ clip: { x: 500, y: 80, width: 700, height: 440 } })
    assert.ok(image.length > 20_000, `the map's picture has only ${image.length} bytes`)
    assert.ok(box.width > 1000)
  })

  it('sorts the table by people not covered, and by any column', async () => {
    const figures = async (column) => {
      const cells = await page.locator(`#divisions-body tbody tr:not(.outside) td:nth-of-type(${column})`).allInnerTexts()
      return cells.map((text) => parseFloat(text.replace(/[\s,]/g, '').replace('<1', '0.5')))
    }
    const heads = await page.locator('thead th').allInnerTexts()
    const uncovered = heads.findIndex((h) => h.includes('未覆盖'))
    const shown = await figures(uncovered)
    assert.deepEqual(shown, [...shown].sort((a, b) => b - a))
    await page.getByRole('button', { name: '人口', exact: true }).click()
    const population = heads.findIndex((h) => h.trim() === '人口')
    const sorted = await figures(population)
    assert.deepEqual(sorted, [...sorted].sort((a, b) => b - a))
    assert.equal(await page.locator('th[aria-sort="descending"]').count(), 1)
    await page.getByRole('button', { name: '未覆盖' }).click()
  })

  it('answers another type, limit, band and speed, and goes back', async () => {
    const before = page.url()
    const first = screen.params().get('type')
    await page.locator('.picker .current').click()
    await page.locator('.option', { hasText: '日间照料中心' }).click()
    assert.equal(screen.params().get('type'), 'day_care_centre')
    await figuresAre()
    await page.getByRole('radio', { name: '10', exact: true }).check()
    assert.equal(screen.params().get('limit'), '600')
    await page.getByRole('radio', { name: '70+', exact: true }).check()
    assert.equal(screen.params().get('band'), '70+')
    await page.getByRole('radio', { name: /^0\.7/ }).check()
    assert.equal(screen.params().get('speed'), '0.7')
    await figuresAre()
    for (let i = 0; i < 4; i++) await page.goBack()
    assert.equal(page.url().replace(/&v=[^&]*/, ''), before.replace(/&v=[^&]*/, ''))
    assert.equal(screen.params().get('type'), first)
    await figuresAre()
    screen.clean()
  })

  it('says what cannot be measured on foot', async () => {
    const types = (await api('facility-types')).types
    const other = types.find((t) => t.measure !== 'walk' && t.open > 0)
    assert.ok(other, 'the district has a type that is not measured on foot')
    await page.locator('.picker .current').click()
    await page.locator('.option', { hasText: other.zh }).click()
    const answer = await figuresAre()
    assert.equal(await screen.text('.note'), answer.note.zh)
    await page.goBack()
    await screen.settled()
    screen.clean()
  })

  it('opens each figure to its explanation', async () => {
    const summaries = page.locator('.figures summary')
    assert.ok((await summaries.count()) <= 3)
    for (let i = 0; i < (await summaries.count()); i++) await summaries.nth(i).click()
    const answer = await answerNow()
    const band = answer.bands.find((b) => b.band === screen.params().get('band'))
    assert.ok((await screen.text('.figures')).includes(people(band.population)))
    for (let i = 0; i < (await summaries.count()); i++) await summaries.nth(i).click()
  })

  it('links the table to the map: a row selects, a second click zooms', async () => {
    const row = page.locator('tbody tr[data-code]:not(.outside)').first()
    const code = await row.getAttribute('data-code')
    const name = await row.locator('th button').innerText()
    await row.click()
    assert.equal(screen.params().get('sel'), `division/${code}`)
    assert.equal(await screen.text('#facts-title'), name)
    assert.ok((await screen.text('.drawer')).includes(code))
    const before = screen.params().get('v')
    const answer = await answerNow()
    const at = answer.divisions.find((d) => d.code === code)
    const band = at.bands.find((b) => b.band === screen.params().get('band'))
    const parts = whole([band.covered, band.uncovered, band.unsnapped])
    const [population, ...shown] = (await page.locator('.split dd').allInnerTexts()).map(read)
    assert.deepEqual(shown, parts)
    assert.equal(shown.reduce((a, b) => a + b, 0), population)
    for (const cells of await page.locator('.drawer tbody tr').all()) {
      const [all, ...each] = (await cells.locator('td').allInnerTexts()).slice(0, 4).map(read)
      assert.equal(each.reduce((a, b) => a + b, 0), all, 'each band adds up')
    }
    await row.click()
    await until('the map to zoom', () => screen.params().get('v') !== before)
    await screen.settled()
    await screen.shot('desk-division')
    screen.clean()
  })

  it('closes the drawer with Escape and gives the focus back', async () => {
    const focused = () => page.evaluate(() => document.activeElement?.closest('tr')?.dataset.code ?? document.activeElement?.tagName)
    const closed = async () => (await page.locator('.drawer').count()) === 0 && !screen.params().has('sel')
    const row = page.locator('tbody tr[data-code]:not(.outside)').first()
    const code = await row.getAttribute('data-code')
    if (await page.locator('.drawer').count()) await page.keyboard.press('Escape')
    await until('the drawer to close', closed)
    // by keyboard, then out of the drawer
    await row.locator('th button').first().focus()
    await page.keyboard.press('Enter')
    await page.locator('.drawer .close').focus()
    await page.keyboard.press('Escape')
    await until('the drawer to close', closed)
    assert.equal(await focused(), code)
    // a click on the row beside its name
    await row.locator('td').last().click()
    await page.locator('.drawer').waitFor()
    await page.keyboard.press('Escape')
    await until('the drawer to close', closed)
    assert.equal(await focused(), code)
    // the map
    const { bounds: [w, s, e, n] } = await api('district')
    await screen.look((w + e) / 2, (s + n) / 2, 12.5)
    await screen.click((w + e) / 2, (s + n) / 2)
    await page.locator('.drawer').waitFor()
    await page.keyboard.press('Escape')
    await until('the drawer to close', closed)
    assert.equal(await focused(), 'CANVAS')
    // an open list takes the key for itself
    await row.locator('td').last().click()
    await page.locator('.picker .current').click()
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('.drawer').count(), 1)
    await page.locator('.drawer .close').click()
    await until('the drawer to close', closed)
    screen.clean()
  })

  it('links the map to the table: a click on a division selects its row', async () => {
    const district = await api('district')
    const [w, s, e, n] = district.bounds
    await screen.look((w + e) / 2, (s + n) / 2, 12.5)
    await screen.click((w + e) / 2, (s + n) / 2)
    await until('a selection', () => screen.params().get('sel'))
    // Something else may lie on top there: then the division is among "also here".
    if (!screen.params().get('sel').startsWith('division/')) {
      await page.locator('.drawer li button', { hasText: '辖区' }).first().click()
    }
    const code = screen.params().get('sel').replace('division/', '')
    await until('the row', () => page.locator(`tr.selected[data-code="${code}"]`).count())
    screen.clean()
  })

  it('shows the rows of every level there is', async () => {
    const { levels } = await api('district')
    const answer = await answerNow()
    for (const level of levels) {
      if (levels.length > 1) await page.locator('.levels button').nth(levels.indexOf(level)).click()
      const wanted = answer.divisions.filter((d) => d.level === level).length
      await until(`${wanted} rows of ${level}`, async () => (await page.locator('#divisions-body tbody tr:not(.outside)').count()) === wanted)
    }
    screen.clean()
  })

  it('gives the facts of a facility and its circle', async () => {
    const answer = await answerNow()
    const site = answer.facilities.find((f) => f.snapped)
    assert.ok(site, 'the type asked for has an open facility on the network')
    await screen.look(site.lon, site.lat, 16)
    await screen.click(site.lon, site.lat)
    await until('its name', async () => (await screen.text('#facts-title')) === site.name_zh)
    assert.equal(screen.params().get('sel'), `facility/${site.id}`)
    await until('the people it reaches', async () => (await screen.text('.drawer')).includes(people(site.reached[0])))
    await screen.shot('desk-facility')
    screen.clean()
  })

  it('gives the facts of a gap and of a population point beyond the limit', async () => {
    const answer = await answerNow()
    const index = (await api('district')).bands.findIndex((b) => b.id === screen.params().get('band'))
    const gap = answer.gaps.find((g) => g.people[index] > 0)
    if (!gap) return // everybody is covered: nothing to click
    await screen.look(gap.lon, gap.lat, 17.5)
    await screen.click(gap.lon, gap.lat)
    await until('a population point', () => screen.params().get('sel')?.startsWith('people/'))
    await until('its state', async () => (await screen.text('.drawer')).includes('15 分钟以外'))
    await page.locator('.drawer li button', { hasText: '缺口' }).first().click()
    await until('the gap', () => screen.params().get('sel') === `gap/${gap.id}`)
    await until('its people', async () => (await screen.text('.drawer')).includes(people(gap.people[index])))
    await screen.shot('desk-gap')
    screen.clean()
  })

  it('gives the walking time of a population point and its nearest facility', async () => {
    const { bounds, bands } = await api('district')
    const band = bands.findIndex((b) => b.id === screen.params().get('band'))
    const question = new URLSearchParams(['type', 'limit', 'speed', 'base'].map((k) => [k, screen.params().get(k)]))
    const people = await features(ask, 'people', bounds, `?${question}`)
    const covered = people.find(({ properties: p }) => p.s === 'covered' && p.t > 60 && p[`b_${band}`] > 0)
    assert.ok(covered, 'somebody lives within the limit')
    await clickOn('people', covered)
    const point = await api(`people/${covered.properties.id}?${question}`)
    const minutes = Math.floor(Math.ceil(point.seconds - 1e-9) / 60)
    await until('the time and the facility in words', async () => {
      const text = await screen.text('.drawer')
      return text.includes(`${minutes} 分`) && text.includes(point.nearest.name_zh)
    })
    await screen.shot('desk-people')
    screen.clean()
  })

  it('gives the facts of a road and of a building', async () => {
    const { bounds } = await api('district')
    const [road] = (await features(ask, 'roads', bounds)).filter((f) => f.properties.walkable)
    await clickOn('road', road)
    assert.ok((await screen.text('.drawer')).includes('可步行'))
    const [building] = await features(ask, 'buildings', bounds)
    await clickOn('building', building)
    assert.ok((await screen.text('.drawer')).includes('层数'))
    screen.clean()
  })

  /** Clicks a feature in the street view; something else may lie on top of it, then it
   *  is among "also here". */
  async function clickOn(kind, feature) {
    const [lon, lat] = placeOn(feature)
    await screen.look(lon, lat, 18)
    await screen.click(lon, lat)
    await until('a selection', () => screen.params().get('sel'))
    const words = { people: '人口点', road: '道路', building: '建筑' }
    if (!screen.params().get('sel').startsWith(`${kind}/`)) {
      await page.locator('.drawer li button', { hasText: words[kind] }).first().click()
    }
    assert.equal(screen.params().get('sel').split('/')[0], kind)
  }

  it('switches layers from the legend', async () => {
    const box = page.getByRole('checkbox', { name: /缺口/ })
    assert.equal(await box.isChecked(), true)
    await box.uncheck()
    assert.equal(screen.params().get('off'), 'estates,gaps,names,others')
    await page.getByRole('button', { name: '人口', exact: true }).click()
    assert.equal(screen.params().get('sort'), '-population')
    await page.reload()
    await screen.settled()
    assert.equal(await box.isChecked(), false)
    assert.equal(await page.locator('th[aria-sort="descending"]').innerText(), '人口')
    await page.getByRole('button', { name: '未覆盖' }).click()
    await box.check()
    assert.equal(screen.params().has('off') || screen.params().has('sort'), false)
    await screen.settled()
    screen.clean()
  })

  it('lists and finds facilities', async () => {
    await page.locator('nav').getByRole('link', { name: '设施' }).click()
    assert.equal(new URL(page.url()).pathname, '/facilities')
    const type = screen.params().get('type')
    const { facilities } = await api(`facilities?type=${type}&limit=100`)
    await until('the list', async () => (await page.locator('.panel li button[aria-pressed]').count()) === facilities.length)
    await page.getByRole('searchbox').fill(facilities[0].name_zh)
    await until('one', async () => (await page.locator('.panel li button[aria-pressed]').count()) >= 1)
    await page.locator('.panel li button[aria-pressed]').first().click()
    await until('its facts', async () => (await screen.text('#facts-title')) === facilities[0].name_zh)
    await page.getByRole('searchbox').fill('没有这个名字')
    await until('the empty list in words', async () => (await screen.text('.panel')).includes('没有符合条件的设施'))
    await page.locator('nav').getByRole('link', { name: '一张图' }).click()
    await screen.settled()
    screen.clean()
  })

  it('speaks English when asked, and remembers', async () => {
    await screen.speak('English')
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    await figuresAre('en')
    assert.doesNotMatch(await screen.text('.question .stack'), /[\u4e00-\u9fff]/)
    await screen.shot('desk-en')
    await page.goto(server.url)
    await screen.settled()
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    await screen.speak('中文')
    assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN')
    screen.clean()
  })

  it('keeps the state in the address, so that a link shows the same', async () => {
    const site = (await answerNow()).facilities[0]
    const url = `${server.url}/?type=elderly_canteen&limit=1200&speed=1.2&band=70%2B&sel=facility/${site.id}&v=15/${site.lat}/${site.lon}&lang=en`
    await page.goto(url)
    await screen.settled()
    assert.equal(await page.getByRole('radio', { name: '20', exact: true }).isChecked(), true)
    assert.equal(await page.getByRole('radio', { name: '70+', exact: true }).isChecked(), true)
    await until('the selection', async () => (await screen.text('#facts-title')).length > 0)
    assert.ok(screen.params().get('v').startsWith('15/'))
    await page.goto(`${server.url}/?type=nonsense&limit=-5&band=x&lang=zh`)
    await screen.settled()
    assert.equal(screen.params().get('type'), (await api('district')).defaults.type)
    screen.clean()
  })

  it('is accessible at the desk', async () => {
    await screen.accessible('the map')
    await page.locator('tbody tr[data-code] button').first().click()
    await page.locator('.picker .current').click()
    await screen.accessible('drawer and open list')
    await page.keyboard.press('Escape')
    assert.equal(await page.locator('#type-list').count(), 0)
    await page.locator('.notices .more').click()
    await screen.accessible('the notices')
    await page.keyboard.press('Escape')
    screen.clean()
  })

  it('can be worked by keyboard alone', async () => {
    await page.goto(`${server.url}/?lang=zh`)
    await screen.settled()
    const seen = new Set()
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab')
      seen.add(
        await page.evaluate(() => {
          const at = document.activeElement
          return at?.closest('tbody') ? 'row' : at?.matches('canvas') ? 'map' : at?.closest('.picker') ? 'type' : at?.matches('input[type=radio]') ? at.name : at?.closest('.legend') ? 'legend' : (at?.tagName ?? '')
        }),
      )
    }
    for (const part of ['type', 'limit', 'band', 'speed', 'map', 'row', 'legend']) assert.ok(seen.has(part), `Tab reaches ${part}`)
    await page.locator('tbody th button').first().focus()
    await page.keyboard.press('Enter')
    await until('the facts', () => page.locator('#facts-title').count())
    screen.clean()
  })

  it('works on a phone', async () => {
    const small = await Screen.open(browser, `${server.url}/?lang=zh`, { ...phone, deviceScaleFactor: 2 })
    const heights = await small.page.locator('.sheet :is(a, button):visible, .head :is(a, button):visible, .corner button:visible').evaluateAll((all) => all.map((b) => [b.innerText || b.ariaLabel, b.getBoundingClientRect().height]))
    for (const [name, height] of heights) assert.ok(height >= 44, `${name} is ${height} px high`)
    const wide = await small.page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(wide <= 390, `${wide} px wide`)
    await small.shot('phone-zh')
    await small.accessible('the phone')
    await small.page.getByRole('button', { name: '辖区表' }).click()
    await small.page.locator('tbody tr[data-code] button').first().tap()
    await small.shot('phone-table')
    await small.page.getByRole('button', { name: '详情' }).click()
    await until('the facts', () => small.page.locator('#facts-title').count())
    await small.shot('phone-facts')
    await small.accessible('the facts on the phone')
    small.clean()
    await small.close()
  })
})
