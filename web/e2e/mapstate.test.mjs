// What the map says of its own state, in a real browser against the real server: starting,
// working, broken, away, with new data, with a base map.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, pageAs, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('the state of the map', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('shows the base map of a server that has one, with its review number', async () => {
    const tab = await pageAs(browser, server.url, low)
    const grey = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64')
    let tiles = 0
    await tab.route('**/api/v1/district*', async (route) => {
      const response = await route.fetch()
      const json = { ...(await response.json()), base_map: { enabled: true, review_number: 'GS(2024)0650号', url: '/basemap/{z}/{x}/{y}' } }
      return route.fulfill({ response, json })
    })
    await tab.route('**/basemap/**', (route) => {
      tiles += 1
      return route.fulfill({ contentType: 'image/png', body: grey })
    })
    await tab.goto(`${server.url}/?lang=zh`)
    const box = tab.getByRole('checkbox', { name: /底图/ })
    await until('the switch', () => box.count())
    assert.equal(await box.isChecked(), false)
    assert.equal(tiles, 0)
    await box.check()
    await until('tiles', () => tiles > 0)
    assert.ok((await tab.locator('.notices').innerText()).includes('审图号：GS(2024)0650号'))
    await box.uncheck()
    await tab.context().close()
  })

  it('shows how far the start is, and goes on by itself', async () => {
    const tab = await pageAs(browser, server.url, low)
    let asked = 0
    await tab.route('**/api/v1/status*', async (route) => {
      asked += 1
      if (asked > 2) return route.continue()
      const body = { ready: false, stage: 'x', stage_zh: '装载道路', stage_en: 'loading roads', done: 1200, total: 5400, version: '' }
      return route.fulfill({ json: body })
    })
    await tab.goto(`${server.url}/?lang=zh`)
    await until('the stage', async () => (await tab.locator('main').innerText()).includes('装载道路'))
    assert.equal(await tab.locator('progress').getAttribute('max'), '5400')
    await until('the map', () => tab.locator('.map').count())
    await tab.context().close()
  })

  it('says so when a part of the map does not arrive, until it does', async () => {
    const tab = await pageAs(browser, server.url, low)
    let broken = true
    await tab.route(/\/tiles\/people.*\/\d+\/\d+\/\d+/, (route) => (broken ? route.fulfill({ status: 503, body: '' }) : route.continue()))
    await tab.goto(`${server.url}/?lang=zh`)
    await until('the words', async () => (await tab.locator('.top').innerText()).includes('有些地图瓦片没有取到'))
    broken = false
    await tab.getByRole('button', { name: '放大' }).click()
    await until('the words to go', async () => !(await tab.locator('.top').innerText()).includes('有些地图瓦片没有取到'))
    await tab.context().close()
  })

  it('says in words what went wrong, and tries again', async () => {
    const tab = await pageAs(browser, server.url, low)
    let broken = true
    await tab.route('**/api/v1/coverage*', (route) =>
      broken ? route.fulfill({ status: 503, json: { title: '暂时不能回答', detail: '数据正在重新装载', code: 'not_ready' } }) : route.continue(),
    )
    await tab.goto(`${server.url}/?lang=zh`)
    await until('the words', async () => (await tab.locator('[role="alert"]').innerText()).includes('数据正在重新装载'))
    broken = false
    await tab.getByRole('button', { name: '重试' }).click()
    await until('the figures', () => tab.locator('[data-figure="share"]').count())
    await tab.context().close()
  })

  it('keeps the old numbers while it works on the next', async () => {
    const tab = await Screen.open(browser, `${server.url}/?lang=zh`, low)
    const before = await tab.text('[data-figure="share"]')
    let release
    const held = new Promise((done) => (release = done))
    await tab.page.route('**/api/v1/coverage*', async (route) => {
      await held
      return route.continue()
    })
    await tab.page.getByRole('radio', { name: '5', exact: true }).check()
    await until('the sign of work', () => tab.page.locator('.figures.working').count())
    assert.equal(await tab.text('[data-figure="share"]'), before)
    assert.ok((await tab.page.locator('#divisions-body tbody tr').count()) > 0)
    release()
    await until('the new numbers', async () => (await tab.text('[data-figure="share"]')) !== before)
    await tab.settled()
    assert.equal(await tab.page.locator('.working').count(), 0)
    tab.clean()
    await tab.close()
  })

  it('notices new data on the server, and that the server is away', async () => {
    const tab = await Screen.open(browser, `${server.url}/?lang=zh`, low)
    const { page } = tab
    let version = ''
    let away = false
    await page.route(/\/api\/v1\/(status|district)\b/, async (route) => {
      if (away) return route.abort()
      const response = await route.fetch()
      const json = await response.json()
      if (version) json.version = version
      if (version && json.name) json.name = { zh: `区 ${version}`, en: version }
      return route.fulfill({ response, json })
    })
    const asked = { coverage: 0, tiles: 0 }
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/coverage?')) asked.coverage += 1
      if (/\/tiles\/[^/]*\.json/.test(request.url())) asked.tiles += 1
    })
    const look = () => page.evaluate(() => window.dispatchEvent(new Event('focus')))
    const notice = () => tab.text('.server')

    // Nothing selected: it renews itself.
    version = 'a1'
    await look()
    await until('the new name', async () => (await tab.text('h1')).includes('区 a1'))
    await until('everything asked anew', () => asked.coverage === 1 && asked.tiles === 3)
    await until('the figures', async () => (await page.locator('section[aria-busy="true"]').count()) === 0)
    assert.equal(await notice(), '')

    // Something selected: it offers to, and keeps the selection and the view.
    await page.locator('tbody tr[data-code] button').first().click()
    const [selection, view] = [tab.params().get('sel'), tab.params().get('v')]
    version = 'b2'
    await look()
    await until('the notice', async () => (await notice()).includes('新数据'))
    assert.ok((await tab.text('h1')).includes('区 a1'))
    assert.equal(asked.coverage, 1)
    await page.getByRole('button', { name: '更新' }).click()
    await until('the new name', async () => (await tab.text('h1')).includes('区 b2'))
    await until('the notice to go', async () => (await notice()) === '')
    await until('the answer asked anew', () => asked.coverage === 2)
    await until('the figures', async () => (await page.locator('section[aria-busy="true"]').count()) === 0)
    assert.deepEqual([tab.params().get('sel'), tab.params().get('v')], [selection, view])
    assert.ok((await tab.text('#facts-title')).length > 0)
    tab.clean()

    // Away and back, by itself.
    away = true
    await look()
    await until('the words', async () => (await notice()).includes('连不上服务器'))
    assert.ok((await tab.text('[data-figure="share"]')).length > 0)
    away = false
    await until('the words to go', async () => (await notice()) === '')
    await tab.close()
  })
})
