// Finding places for new facilities, in a real browser against the real server.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { desk, launch, low, phone, Screen } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('siting', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('finds a place, says why and how sure that is, and gives it out', async () => {
    const screen = await Screen.open(browser, `${server.url}/siting?lang=zh&limit=600&band=all`, low)
    const { page } = screen
    await page.getByLabel('选址范围').selectOption({ label: '\u2003文丰社区' })
    await page.getByLabel('新设几处').fill('1')
    await page.getByRole('button', { name: '开始选址' }).click()
    await page.locator('[data-figure=bound]').getByText('已证明').waitFor()
    assert.match(await page.locator('[data-figure=coverage]').innerText(), /%\s*→\s*\d/)
    const rows = page.locator('section', { hasText: '选中的地点及理由' }).locator('tbody tr')
    assert.equal(await rows.count(), 1)
    assert.match(await rows.first().innerText(), /文丰社区[\s\S]*人[\s\S]*相距/)
    await page.locator('.letter-mark').waitFor()
    assert.match(page.url(), /within=990100100001.*sites=1.*run=1/)
    await screen.accessible('an answer')
    await screen.shot('siting')
    const given = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载 CSV' }).click()
    assert.match(await readFile(await (await given).path(), 'utf8'), /^\ufeffnumber,id,source,name,required,lon,lat[\s\S]*文丰社区/)

    assert.match(await page.getByRole('link', { name: '在地图上试一试' }).getAttribute('href'), /limit=600.*plan=a116\.\d+,39\.\d+/)

    await page.getByLabel('选址范围').selectOption('')
    await page.getByLabel('目标').selectOption('fewest_sites')
    await page.getByText('条件已改').waitFor()
    await page.getByLabel('覆盖比例').fill('100')
    // It is said why not, and what to do.
    const ask = page.waitForResponse((response) => response.url().includes('/coverage/siting'))
    await page.getByRole('button', { name: '重新选址' }).click()
    assert.equal((await ask).status(), 422)
    await page.getByRole('alert').getByText('达不到').waitFor()
    screen.forgive(/422/)
    screen.clean()
  })

  /** Puts a room into the ledger where a canteen is missed most. */
  async function room(name, content) {
    const as = await server.as('planner')
    const question = JSON.stringify({ type: 'elderly_canteen', aim: 'most_people', sites: 1, limit: 600 })
    const { sites } = await (await as('/api/v1/coverage/siting', { method: 'POST', body: question, headers: { 'content-type': 'application/json' } })).json()
    const [{ lon, lat, division_code }] = sites
    const body = JSON.stringify({ name, lon, lat, division_code, reason: '测试', state: 'handed_over', area_m2: 120, ...content })
    const answer = await as('/api/v1/premises', { method: 'POST', body, headers: { 'content-type': 'application/json', 'idempotency-key': name } })
    assert.equal(answer.status, 201, await answer.text())
  }

  it('keeps to drawn areas, rooms, a budget and capacities', async () => {
    await room('hall', { name: '空置用房', present_use: 'vacant' })
    await room('shop', { name: '在用用房', present_use: 'commercial' })
    const screen = await Screen.open(browser, `${server.url}/siting?lang=zh&limit=600&band=all`, desk)
    const { page } = screen
    const form = page.getByRole('form', { name: '选址条件' })
    const fold = (name) => form.locator('summary', { hasText: name }).click()
    const ask = async (status) => {
      const answered = page.waitForResponse((response) => response.url().includes('/coverage/siting?'))
      await page.getByRole('button', { name: /选址$/ }).click()
      assert.equal((await answered).status(), status)
    }
    // The whole map is forbidden: nothing is left to choose among, and that is said.
    const map = page.locator('.map canvas')
    await map.scrollIntoViewIfNeeded()
    await page.waitForTimeout(500)
    await page.getByRole('button', { name: '圈出“不在这里”' }).click()
    await page.getByText('点出各角').waitFor()
    const box = await map.boundingBox()
    for (const [x, y] of [[6, 20], [box.width - 6, 20], [box.width - 6, box.height - 6], [170, box.height - 6], [6, box.height - 50]]) {
      await page.mouse.click(box.x + x, box.y + y)
      await page.waitForTimeout(350) // two clicks soon after one another are a double click
    }
    await page.keyboard.press('Enter')
    await page.getByText('不在这里 1').waitFor()
    assert.match(page.url(), /not=[\d.,;%B]+/)
    await ask(422)
    await page.getByRole('alert').getByText('没有一个候选点').waitFor()
    // Its corners may be moved from the keyboard, too.
    await page.getByRole('button', { name: '改角 不在这里 1' }).click()
    const before = page.url()
    await page.getByRole('button', { name: '第 1 个角' }).press('Shift+ArrowRight')
    assert.notEqual(page.url(), before)
    await screen.accessible('an area that is changed')
    await page.getByRole('button', { name: '去掉 不在这里 1' }).click()
    assert.doesNotMatch(page.url(), /not=/)

    // What was wrong has unfolded the part of the form that it is about.
    await form.getByLabel('公建台账里的用房').check()
    await form.getByLabel('沿街取点').uncheck()
    await form.getByLabel('自己的候选地点').pressSequentially('湖心, 10, 10')
    await fold('造价与预算')
    await form.getByLabel('预算').fill('100')
    await form.getByLabel('预算').blur()
    await ask(422) // nobody said what a place costs
    await form.getByText('有的候选点没有价格').waitFor()
    await form.getByLabel('每处造价').fill('60')
    await form.getByLabel('每处造价').blur()
    await ask(200)
    const rows = page.locator('section', { hasText: '选中的地点及理由' }).locator('tbody tr')
    assert.equal(await rows.count(), 1) // 100 pays for one of 60
    assert.match(await rows.first().innerText(), /台账用房[\s\S]*60\s*万元/)
    assert.match(await page.locator('[data-figure=cost]').innerText(), /60\s*万元/)
    const refused = page.locator('[data-part=refused]')
    await refused.getByText(/附近没有道路/).waitFor()
    assert.match(await refused.innerText(), /在用用房[\s\S]*湖心|湖心[\s\S]*在用用房/)

    await page.getByRole('button', { name: '固定 1' }).click()
    await fold('容量')
    await form.getByLabel('每处新设施').fill('50')
    await form.getByLabel('每处新设施').blur()
    await ask(422)
    await form.getByText('须给出使用率').waitFor()
    await form.getByLabel('使用率').fill('12')
    await form.getByLabel('台账没有容量的现有设施').selectOption('boundless')
    await ask(200)
    await rows.first().getByText('必选').waitFor()
    assert.match(await rows.first().innerText(), /\d+ \/ 50 份\/日/)
    await page.locator('[data-figure=served]').waitFor()
    await screen.accessible('an answer within capacities')
    await screen.shot('siting-terms')
    screen.forgive(/422/)
    screen.clean()
  })

  it('reads parcels from a file, and names who cannot walk anywhere', async () => {
    const screen = await Screen.open(browser, `${server.url}/siting?lang=zh&aim=shortest_longest&sites=2&band=all`, low)
    const { page } = screen
    await page.locator('summary', { hasText: '候选点' }).click()
    const ring = [[116, 39], [116.001, 39], [116.001, 39.001], [116, 39]]
    const file = { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { 名称: '一号地块' }, geometry: { type: 'Polygon', coordinates: [ring] } }, { type: 'Feature', properties: {}, geometry: null }] }
    await page.locator('input[type=file]').setInputFiles({ name: 'parcels.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify(file)) })
    await page.getByText('读入 1 个地点').waitFor()
    await page.getByText('第 2 行').waitFor()
    assert.match(await page.getByLabel('自己的候选地点').inputValue(), /^一号地块,116\.00\d+,39\.00\d+$/)
    await page.getByRole('button', { name: '开始选址' }).click()
    await page.locator('[data-figure=walk]').waitFor()
    await page.locator('[data-part=left-out]').getByText('没有计入最长步行').waitFor()
    await page.locator('[data-part=refused]').getByText('一号地块').waitFor()
    screen.clean()
  })

  it('answers a link on the phone in English', async () => {
    const screen = await Screen.open(browser, `${server.url}/siting?lang=en&aim=shortest_ways&sites=2&limit=600&run=1`, phone)
    await screen.page.getByText('Average walk', { exact: true }).waitFor()
    await screen.accessible('an answer on the phone')
    await screen.shot('siting-phone')
    screen.clean()
  })
})
