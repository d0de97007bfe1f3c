// Finding a place name from the map, in a real browser against the real server: by its former
// name, by pinyin and by one wrong character, with the reason; by keyboard, on a desk and on a
// telephone.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('the search at the top of the map', { skip: reason || false }, () => {
  let server, browser, screen, page, at, road

  before(async () => {
    server = await start()
    browser = await launch()
    const [planner, registrar] = await Promise.all(['planner', 'place-name-registrar'].map((name) => server.as(name)))
    const list = await (await planner('/api/v1/facilities?limit=50')).json()
    at = list.facilities.find((each) => each.lon !== null)
    const decision = { kind: 'observed', title: '浏览器测试' }
    let sent = 0
    const register = async (name) => {
      sent += 1
      const headers = { 'content-type': 'application/json', 'idempotency-key': `name-search-${sent}` }
      const answer = await registrar('/api/v1/place-names', {
        method: 'POST', headers, body: JSON.stringify({ state: 'approved', divisions: [at.division_code], decision, reason: '浏览器测试', ...name }),
      })
      assert.equal(answer.status, 201, await answer.clone().text())
      return answer.headers.get('location').split('/').at(-1)
    }
    const line = { type: 'LineString', coordinates: [[at.lon - 0.002, at.lat], [at.lon + 0.002, at.lat]] }
    road = await register({ text: '沣韵渠大道', kind: 'road', geometry: line, former: [{ text: '红砖窑路', decision }] })
    await register({ text: '沣韵渠花园', kind: 'estate', aliases: [{ text: '渠上人家', kind: 'promotion' }] })
    screen = await Screen.open(browser, server.url, low)
    page = screen.page
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const field = () => page.getByRole('combobox', { name: '查找地名、设施和辖区' })
  const option = (id) => page.locator(`[data-found="${id}"]`)

  it('finds a name that was registered just now by what people type, and says why', async () => {
    for (const [typed, why] of [['红砖', '曾用名“红砖窑路”'], ['沣yun', '拼音 feng yun qu da dao'], ['fyqdd', '首字母 feng yun qu da dao'], ['沣韵桥大道', '一字之差']]) {
      await field().fill(typed)
      await until(`${typed} to be found`, async () => (await option(road).innerText()).includes(why))
    }
    await field().fill('渠上人家')
    await until('the other name', async () => (await page.getByRole('option').first().innerText()).includes('别名“渠上人家”'))
    await screen.accessible('the search of the map')
    await screen.shot('name-search')
  })

  it('finds facilities and divisions in groups of their own', async () => {
    await field().fill(at.name_zh.slice(0, 4))
    await page.getByRole('group', { name: '设施' }).getByRole('option').first().waitFor()
    await field().fill('不会有的名称')
    await page.getByText('没有找到', { exact: true }).waitFor()
  })

  it('flies to the name that the keyboard chose, and opens its record', async () => {
    await field().fill('红砖窑')
    await option(road).waitFor()
    await field().press('ArrowDown')
    assert.equal(await option(road).getAttribute('aria-selected'), 'true')
    await field().press('Enter')
    const chosen = page.locator(`[data-chosen="${road}"]`)
    await chosen.waitFor()
    await page.getByRole('img', { name: '沣韵渠大道' }).waitFor()
    await until('the map to be there', async () => {
      const [zoom, lat, lon] = screen.params().get('v').split('/').map(Number)
      return zoom >= 16 && Math.abs(lat - at.lat) < 0.003 && Math.abs(lon - at.lon) < 0.003
    })
    assert.match(await chosen.innerText(), /曾用名“红砖窑路”/)
    await screen.accessible('a name that was chosen')
    await chosen.getByRole('link', { name: '看记录' }).click()
    await page.getByRole('heading', { name: '沣韵渠大道' }).first().waitFor()
  })

  it('opens another record from any screen of place names', async () => {
    const names = page.getByRole('combobox', { name: '查找地名', exact: true })
    await names.fill('渠上人家')
    await page.getByRole('option').filter({ hasText: '沣韵渠花园' }).waitFor()
    await screen.accessible('the search of place names')
    await screen.shot('name-search-record')
    await names.press('Enter')
    await page.getByRole('heading', { name: '沣韵渠花园' }).first().waitFor()
    screen.clean()
  })

  it('fits a telephone', async () => {
    const other = await Screen.open(browser, server.url, phone)
    const box = other.page.getByRole('combobox', { name: '查找地名、设施和辖区' })
    await box.fill('沣韵渠')
    await other.page.locator(`[data-found="${road}"]`).waitFor()
    await other.accessible('the search on a telephone')
    await other.shot('name-search-phone')
    await other.page.locator(`[data-found="${road}"]`).click()
    await other.page.locator(`[data-chosen="${road}"]`).waitFor()
    other.clean()
    await other.close()
  })
})
