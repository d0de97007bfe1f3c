// What a resident sees of a plate on a telephone, without sign-in or script, from the scan to the
// report of a problem, and what the office makes of it, in a real browser against the real server.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen } from './screen.mjs'
import { missing, session, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('the page of a plate', { skip: reason || false }, () => {
  let server, browser, code

  before(async () => {
    server = await start({ records: true })
    browser = await launch()
    const { names } = await api('planner', 'GET', 'place-names?state=approved&kind=road')
    const road = names[0]
    const { facilities } = await api('planner', 'GET', 'facilities?type=elderly_canteen&limit=1')
    const address = await api('plate-manager', 'POST', 'addresses', {
      level: 'number', name_id: road.id, number: '987', state: 'approved', division_code: facilities[0].division_code,
      positions: [{ kind: 'entrance', geometry: { type: 'Point', coordinates: [facilities[0].lon, facilities[0].lat] }, source: 'survey' }],
      decision: { kind: 'observed', body: '现场' }, reason: '浏览器测试',
    })
    const plate = await api('plate-manager', 'POST', 'plates', { address_id: address.id, kind: 'medium', slot: 'main' })
    code = plate.token
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function api(as, method, path, body) {
    const answer = await fetch(`${server.url}/api/v1/${path}`, {
      method,
      headers: { cookie: await session(server.url, as), 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Origin: server.url },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }

  it('tells the address, takes a report, and shows the office what to do', async () => {
    const screen = await Screen.open(browser, `${server.url}/${code.toLowerCase()}`, phone, '')
    const { page } = screen
    await page.locator('h1', { hasText: '987号' }).waitFor()
    await screen.accessible('the page of a plate')
    const size = await page.evaluate(() => ({ font: getComputedStyle(document.body).fontSize, wide: document.documentElement.scrollWidth, script: document.scripts.length }))
    assert.deepEqual(size, { font: '20px', wide: 390, script: 0 }, 'large letters, nothing runs off the screen, no script')
    assert.ok((await page.content()).length < 14 * 1024)
    await page.locator('header a').click()
    await page.getByText('Official plate').waitFor()
    await page.locator('a.go').click()
    await screen.accessible('the form of a report')
    await page.locator('[name=problem][value=covered]').check()
    await page.locator('[name=note]').fill('<b>贴了广告</b>')
    await page.locator('form button').click()
    await page.getByText('Received, thank you').waitFor()
    const receipt = (await page.locator('.code').first().textContent()).trim()
    assert.match(receipt, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    await screen.accessible('a receipt')
    assert.equal((await page.context().cookies()).length, 0, 'no cookie')

    const office = await Screen.open(browser, `${server.url}/plates/reports?lang=zh`, desk, 'plate-manager')
    const report = office.page.locator('[data-report=covered]', { hasText: '987号' })
    await report.waitFor()
    assert.match(await report.textContent(), /<b>贴了广告<\/b>/)
    await office.accessible('reports of plates')
    await report.locator('[name=outcome]').selectOption('clean')
    await report.locator('button.primary').click()
    await report.locator('.badge', { hasText: '处理中' }).waitFor()
    office.clean()
    await office.close()

    await page.goto(`${server.url}/reports?code=${receipt.replaceAll('-', '').toLowerCase()}`)
    await page.getByText('安排清理').waitFor()
    await page.goto(`${server.url}/${code}`)
    await page.getByText('有效门牌，待维修').waitFor()
    const unknown = await page.goto(`${server.url}/00000000000000`)
    assert.equal(unknown.status(), 404)
    await page.getByText('不是本区的门牌').waitFor()
    await screen.close()
  })
})
