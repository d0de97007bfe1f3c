// The life of a plate, in a real browser against the real server: ordered and delivered at the
// desk, fixed on the phone, verified, damaged and replaced.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, session, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

describe('the life of an address plate', { skip: reason || false }, () => {
  let server, browser, name

  before(async () => {
    server = await start({ records: true })
    browser = await launch()
    // A road of the demonstration that has doors without a plate in the fitter's subdistrict.
    const { plates } = await api('field-worker', 'GET', 'plates?limit=1000')
    const mine = plates.filter((each) => each.may_fit).map((each) => each.name_id)
    for (const id of new Set(mine)) {
      const { takes } = await api('plate-manager', 'POST', 'plate-selection', { name_ids: [id], slot: '2' })
      if (takes > 0) name = id
    }
    assert.ok(name, 'the demonstration has plates where the fitter works')
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

  it('goes from the order to the plate that replaces it', async () => {
    // A second plate of each door, so that the demonstration's own do not stand in the way.
    const order = await api('plate-manager', 'POST', 'plate-orders', { title: '浏览器测试', selection: { name_ids: [name], slot: '2' } })
    const office = await Screen.open(browser, `${server.url}/plates/orders?order=${order.id}&lang=zh`, desk, 'plate-manager')
    for (const kind of ['made', 'delivered']) {
      await office.page.locator('[data-batch] [name=kind]').selectOption(kind)
      await office.page.locator('[data-batch] button.primary').click()
      await office.page.locator('[data-progress]', { hasText: kind === 'made' ? '已制作' : '已到货' }).first().waitFor()
    }
    await office.accessible('an order')

    const { plates } = await api('field-worker', 'GET', `plates?order=${order.id}&limit=1000`)
    const plate = plates.find((each) => each.may_fit && each.door)
    assert.ok(plate, 'one of them is where the fitter works')
    const [longitude, latitude] = plate.door
    const field = await Screen.open(
      browser, `${server.url}/plates/field?order=${order.id}&lang=zh`, { ...phone, geolocation: { longitude, latitude, accuracy: 6 }, permissions: ['geolocation'] }, 'field-worker',
    )
    await field.page.locator('[data-stop]').first().waitFor()
    await field.accessible('the route')
    await field.page.locator(`[data-stop="${plate.token}"]`).click()
    await field.page.locator('[name=code]').fill('https://dz.example.cn/0000000000000')
    await field.page.locator('[data-send]').click()
    await field.page.locator('.error', { hasText: '不是这块门牌' }).waitFor()
    await field.page.locator('[name=code]').fill(plate.grouped.toLowerCase())
    await field.page.locator('[data-fits]').waitFor()
    await field.page.locator('[name=photo]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: PIXEL })
    await field.page.locator('[data-locate]').click()
    await field.page.locator('text=误差约').waitFor()
    await field.accessible('a door')
    await field.page.locator('[data-send]').click()
    await field.page.locator('.told', { hasText: plate.text.number }).waitFor()
    const fixed = await until('the plate to be fixed', async () => {
      const now = await api('plate-manager', 'GET', `plates/${plate.token}`)
      return now.state === 'fixed' && now
    })
    assert.ok(fixed.fixed.photo_id, 'its photo is kept')
    assert.ok(fixed.fixed.offset_m < 1, 'it hangs at its door')
    field.clean()
    await field.close()

    const { page } = office
    await page.goto(`${server.url}/plates?plate=${plate.token}&lang=zh`)
    const tell = async (kind, state, fill) => {
      await page.locator('[data-tell] [name=kind]').selectOption(kind)
      await fill()
      await page.locator('[data-tell] button.primary').click()
      await page.locator(`[data-plate-state=${state}]`).waitFor()
    }
    await tell('verified', 'verified', () => page.locator('[data-tell] [name=scanned]').fill(plate.grouped))
    await tell('damaged', 'damaged', () => page.locator('[data-tell] [name=trouble]').selectOption('sticker'))
    await office.accessible('a plate')
    await page.locator('[data-replace]').click()
    await page.locator('[data-replace-yes]').click()
    await page.locator('[data-batch]').waitFor()
    const old = await api('plate-manager', 'GET', `plates/${plate.token}`)
    assert.equal(old.state, 'replaced')
    const fresh = await api('plate-manager', 'GET', `plates/${old.successor}`)
    assert.equal(fresh.state, 'ordered')
    assert.equal(fresh.address_id, old.address_id)
    office.clean()
    await office.close()
  })
})
