// Pairs of facilities that may be of one place, and finding a place by its address, in a
// real browser against the real server.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const WHY = '核对名录'

describe('possible duplicates and places by address', { skip: reason || false }, () => {
  let server, browser, as, near

  before(async () => {
    server = await start()
    browser = await launch()
    as = await server.as('planner')
    near = (await (await as('/api/v1/facilities?type=elderly_canteen')).json()).facilities[0]
    await register('康乐社区老人家食堂', '友谊路8号', near.lon, near.lat)
    await register('康乐老年食堂', '友谊路８号', near.lon + 0.0003, near.lat)
    await register('夕阳红长者食堂', '长江道3号', near.lon, near.lat)
    await register('夕阳红老人家食堂', '长江道3号', near.lon, near.lat + 0.0003)
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function register(name, address, lon, lat) {
    const made = await as('/api/v1/facilities', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ type: 'elderly_canteen', name_zh: name, status: 'open', address, lon, lat, stage: 'draft', reason: WHY }),
    })
    assert.equal(made.status, 201, await made.clone().text())
  }

  it('decides, takes back, and merges', async () => {
    const screen = await Screen.open(browser, `${server.url}/duplicates?lang=zh`, low)
    const { page } = screen
    const list = page.getByRole('list', { name: '疑似重复的设施对' })
    const happy = list.getByRole('button', { name: /康乐/ })
    const sunset = list.getByRole('button', { name: /夕阳红/ })
    await happy.waitFor()
    const total = async () => Number(await page.locator('[data-total]').getAttribute('data-total'))
    const first = await total()
    await sunset.click()
    await page.getByRole('article', { name: /夕阳红/ }).getByText('门牌或楼栋相同').waitFor()
    await screen.accessible('a pair')
    await screen.shot('duplicates')

    await page.getByRole('button', { name: '不是同一处' }).click()
    await page.getByLabel('理由').fill('两处灶台')
    await page.getByRole('dialog').getByRole('button', { name: '不是同一处' }).click()
    await page.getByText('已判定为两处').waitFor()
    assert.equal(await total(), first - 1)
    assert.equal(await sunset.count(), 0)

    await page.getByRole('button', { name: '已判定' }).click()
    await page.getByRole('row', { name: /夕阳红/ }).getByText('两处灶台').waitFor()
    await screen.accessible('decisions')
    await page.getByRole('button', { name: '改判为同一处' }).click()
    await page.getByLabel('理由').fill('看错了')
    await page.getByRole('dialog').getByRole('button', { name: '改判为同一处' }).click()
    await page.getByRole('button', { name: '待判定' }).click()
    await sunset.getByText('待合并').waitFor()

    await happy.click()
    await page.getByRole('article', { name: /康乐/ }).waitFor()
    await page.getByRole('button', { name: '是同一处（合并）' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: /康乐社区老人家食堂/ }).check()
    await screen.accessible('a merge')
    await screen.shot('duplicates-merge')
    await dialog.getByRole('button', { name: '是同一处（合并）' }).click()
    await page.getByText('已合并。').waitFor()
    await until('the pair to be gone', async () => (await happy.count()) === 0)
    const left = (await (await as(`/api/v1/facilities?q=${encodeURIComponent('康乐')}`)).json()).facilities
    assert.deepEqual(left.map((f) => f.name_zh), ['康乐社区老人家食堂'])
    screen.clean()
    await screen.close()
  })

  it('opens one pair at a time on the phone', async () => {
    const screen = await Screen.open(browser, `${server.url}/duplicates?lang=zh`, phone)
    const { page } = screen
    await page.getByRole('button', { name: /夕阳红/ }).click()
    await page.getByRole('button', { name: '返回列表' }).waitFor()
    await screen.accessible('a pair on the phone')
    await screen.shot('duplicates-phone')
    await page.getByRole('button', { name: '返回列表' }).click()
    await page.getByRole('list', { name: '疑似重复的设施对' }).waitFor()
    screen.clean()
    await screen.close()
  })

  it('finds a place by its address while a facility is written', async () => {
    const screen = await Screen.open(browser, `${server.url}/facilities?lang=zh`, low)
    const { page } = screen
    await page.getByRole('button', { name: '登记新设施' }).click()
    await page.getByRole('textbox', { name: /^地址/ }).fill('长江道3号')
    await page.getByRole('button', { name: '按地址找位置' }).click()
    const found = page.getByRole('list', { name: '按地址找到的位置' })
    // What is not published is no evidence, and the road is not on the map.
    await page.getByText('没有认得的地名').waitFor()
    assert.equal(await found.count(), 0)
    await page.getByRole('textbox', { name: /^地址/ }).fill(near.address)
    await page.getByRole('button', { name: '按地址找位置' }).click()
    await found.getByRole('button', { name: '用这个位置' }).first().click()
    await until('the place in the form', async () => Math.abs(Number(await page.getByRole('textbox', { name: '经度' }).inputValue()) - near.lon) < 1e-5)
    await screen.accessible('places found')
    await screen.shot('find-place')
    screen.clean()
    await screen.close()
  })
})
