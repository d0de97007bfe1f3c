// What a district's new estates come to, and what is around one, in a real browser against the
// real server: at the desk in Chinese and on the phone in English.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

/** A square of some 80 m in the demo district, and an estate in it. */
async function register(ask, name, kind, at, more) {
  const [lon, lat] = at
  const far = 0.0008
  const ring = [[lon, lat], [lon + far, lat], [lon + far, lat + far], [lon, lat + far], [lon, lat]]
  const response = await ask('/api/v1/estates', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `estate-${kind}` },
    body: JSON.stringify({ name, kind, division_code: '', boundary: { type: 'Polygon', coordinates: [ring] }, reason: '规条2026-1', ...more }),
  })
  assert.equal(response.status, 201, await response.clone().text())
  return (await response.json()).id
}

describe('the report of new estates', { skip: reason || false }, () => {
  let server, browser, id

  before(async () => {
    server = await start()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('a district without estates says what will be there', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates/report?lang=zh`, low)
    await screen.page.locator('[data-empty]').waitFor()
    await screen.accessible('an empty report')
    screen.clean()
    await screen.close()
  })

  it('estates are counted, listed as to be made good, and taken along', async () => {
    const ask = await server.as('planner')
    const { bounds } = await (await ask('/api/v1/district')).json()
    const at = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]
    id = await register(ask, '和顺家园', 'new', at, {
      households: 500, completed_on: '2024-05-01', rooms: [{ name: '党群服务中心', use: 'party_mass', area: 200, floor: '1' }],
    })
    await register(ask, '老厂宿舍', 'built', [at[0] + 0.001, at[1]], { households: 300, completed_on: '1998-01-01' })
    const screen = await Screen.open(browser, `${server.url}/estates/report?lang=zh`, low)
    const { page } = screen
    await page.locator('[data-rate="RAT-20"]').waitFor()
    assert.match(await page.locator('[data-figure="RAT-20"]').innerText(), /%/)
    await screen.accessible('pass rates')
    await page.locator('#report-retrofit-tab').click()
    await page.locator('[data-retrofit] tbody tr').first().waitFor()
    const names = await page.locator('[data-retrofit] tbody th a').allInnerTexts()
    assert.deepEqual([...names].sort(), ['老厂宿舍', '和顺家园'].sort())
    await screen.accessible('estates to be made good')
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('a[href*="estates-report.xlsx"]').click()])
    assert.match(file.suggestedFilename(), /配建达标率与欠账.*\.xlsx/)
    await page.locator('#report-debts-tab').click()
    await page.locator('[data-debts] tbody tr').first().waitFor()
    await screen.accessible('debts by division')
    screen.clean()
    await screen.close()
  })

  it('an estate shows what its people reach, on a phone in English', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates?lang=en&estate=${id}&tab=around`, phone)
    const { page } = screen
    await page.locator('[data-around] tbody tr').first().waitFor()
    assert.match(await page.locator('[data-figure=reached]').innerText(), /\d+ \/ \d+/)
    await page.locator('.segments button').nth(1).click()
    await page.waitForURL(/walker=elder/)
    await page.locator('[data-planned=community_premises]').waitFor()
    await screen.accessible('the surroundings of an estate')
    screen.clean()
    await screen.close()
  })

  it('the map shows estates when its legend is asked to, and leads to the record', async () => {
    const screen = await Screen.open(browser, `${server.url}/?lang=zh&sel=estate/${id}&off=others`, low)
    const { page } = screen
    const link = page.locator(`a[href*="estate=${id}"]`)
    await link.waitFor()
    await screen.accessible('an estate on the map')
    await link.click()
    await page.waitForURL(/\/estates\?/)
    screen.clean()
    await screen.close()
  })
})
