// Files of estates and their rooms in a real browser against the real server: tried, mended,
// taken, and found unchanged; at the desk in Chinese and on the phone in English.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const bring = (page, name, mimeType, text) => page.locator('dialog input[type=file]').setInputFiles({ name, mimeType, buffer: Buffer.from(text) })
const count = (page, kind, key) => page.locator(`dialog [data-tally=${kind}] [data-count=${key}]`).innerText()

describe('files of estates', { skip: reason || false }, () => {
  let server, browser, community, square

  before(async () => {
    server = await start()
    browser = await launch()
    const ask = await server.as('planner')
    community = (await (await ask('/api/v1/premises-summary')).json()).communities[0].code
    const { bounds: [west, south, east, north] } = await (await ask('/api/v1/district')).json()
    const [x, y, d] = [(west + east) / 2, (south + north) / 2, 0.0005]
    square = [[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]]
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('a list is tried, mended, taken, and found unchanged', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates?lang=zh`, desk)
    const { page } = screen
    await page.locator('[data-estate=import]').click()
    await page.locator('dialog[open]').waitFor()
    assert.equal(screen.params().get('import'), '1')
    await screen.accessible('the import of estates')
    const head = '项目名称,辖区编码,建设单位,规划户数,用地面积（公顷）,竣工日期,联系人\r\n'
    const row = (name, households, day) => `${name},${community},示例置业有限公司,${households},3.25,${day},王某\r\n`
    await bring(page, 'bad.csv', 'text/csv', head + row('导入一苑', '约600', '2026年6月30日') + row('导入二苑', '400', '26-6-30'))
    await until('both faults', async () => (await page.locator('dialog [data-fault]').count()) === 2)
    assert.match(await page.locator('dialog').innerText(), /第 2 行[\s\S]*规划户数[\s\S]*约600/)
    assert.equal(await page.locator('dialog [name=reason]').count(), 0, 'a file with faults could be taken')
    await screen.accessible('the faults of a file')
    await screen.shot('estate-import-faults')
    const good = head + row('导入一苑', '600', '2026年6月30日') + row('导入二苑', '400', '')
    await bring(page, 'good.csv', 'text/csv', good)
    await page.locator('dialog [name=reason]').waitFor()
    assert.equal(await count(page, 'estates', 'created'), '2')
    assert.match(await page.locator('dialog [data-remarks]').innerText(), /公顷/)
    assert.match(await page.locator('dialog [data-ignored]').innerText(), /联系人/)
    await page.locator('dialog button.primary').click()
    await until('that a reason is asked for', async () => (await page.locator('dialog .error').count()) === 1)
    await page.locator('dialog [name=reason]').fill('规划部门移送清单')
    await page.locator('dialog button.primary').click()
    await page.locator('dialog [data-taken=true]').waitFor()
    await screen.accessible('what was taken')
    await page.locator('dialog button.primary').click()
    await page.locator('tr[data-estate]', { hasText: '导入一苑' }).waitFor()
    assert.equal(screen.params().get('import'), null)
    await page.locator('[data-estate=import]').click()
    await bring(page, 'good.csv', 'text/csv', good)
    await until('that nothing would change', async () => (await count(page, 'estates', 'unchanged')) === '2')
    assert.equal(await page.locator('dialog [name=reason]').count(), 0)
    await bring(page, 'more.csv', 'text/csv', good.replace('600', '650').replace('示例置业', '另一置业'))
    await until('what would change', async () => (await page.locator('dialog [data-outcome=updated] li').count()) === 2)
    assert.match(await page.locator('dialog [data-outcome=updated]').first().innerText(), /户数[\s\S]*600[\s\S]*650/)
    await screen.shot('estate-import-changes')
    screen.clean()
    await screen.close()
  })

  it('a boundary and a room come in other files, and open the estate', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates?lang=zh&import=1`, desk)
    const { page } = screen
    const shape = (properties, geometry) => JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties, geometry }] })
    const ring = (points) => ({ type: 'Polygon', coordinates: [points] })
    const [a, b, c, d] = square
    await bring(page, 'bow.geojson', 'application/json', shape({ 小区名称: '导入三苑' }, ring([a, c, b, d, a])))
    await until('the fault of the shape', async () => /自相交/.test(await page.locator('dialog').innerText()))
    await bring(page, 'good.geojson', 'application/json', shape({ 小区名称: '导入三苑', 规划户数: 800 }, ring(square)))
    await page.locator('dialog [name=reason]').fill('规划图')
    await page.locator('dialog [name=crs]').waitFor()
    await screen.accessible('a file with shapes')
    await page.locator('dialog button.primary').click()
    await page.locator('dialog [data-taken=true]').waitFor()
    await page.locator('dialog button.primary').click()
    await page.locator('[data-estate=import]').click()
    await bring(page, 'rooms.csv', 'text/csv', '小区名称,用房名称,用途,楼栋,楼层,建筑面积,独立出入口\r\n导入三苑,社区用房,社区服务,1号楼,1,300,是\r\n')
    await page.locator('dialog [name=reason]').fill('配建用房清单')
    assert.equal(await count(page, 'rooms', 'created'), '1')
    await page.locator('dialog button.primary').click()
    await page.locator('dialog [data-taken=true]').waitFor()
    await page.locator('dialog [data-row=room] button').click()
    await until('the estate', async () => screen.params().get('estate') !== null)
    await until('its name', async () => /导入三苑/.test(await page.locator('main').innerText()))
    screen.clean()
    await screen.close()
  })

  it('on the phone in English a template is kept, and who may not write is not asked', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates?lang=en&import=1`, phone)
    const { page } = screen
    await page.locator('dialog[open]').waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('dialog [data-template=estates]').click()])
    assert.match(file.suggestedFilename(), /\.xlsx$/)
    assert.equal((await readFile(await file.path())).subarray(0, 2).toString(), 'PK')
    await bring(page, 'bad.csv', 'text/csv', 'estate,division code,households\r\nImported Gardens,000,many\r\n')
    await until('both faults', async () => (await page.locator('dialog [data-fault]').count()) === 2)
    await screen.accessible('the faults on the phone')
    await screen.shot('estate-import-phone')
    screen.clean()
    await screen.close()
    const reader = await Screen.open(browser, `${server.url}/estates?lang=en&import=1`, phone, 'read-only')
    await until('the list', async () => (await reader.page.locator('.page').count()) > 0)
    assert.equal(await reader.page.locator('dialog[open]').count() + (await reader.page.locator('[data-estate=import]').count()), 0)
    reader.clean()
    await reader.close()
  })
})
