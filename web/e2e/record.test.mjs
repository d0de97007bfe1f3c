// The record of a facility in a real browser against the real server: changed, merged by
// hand and put onto the map, at the desk in Chinese and on the phone in English.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const WHY = '现场核实，见民政〔2026〕15 号'

/** The field that the capacity of a facility follows, which is what a form asks for. */
async function capacityField(ask, facility) {
  const { types } = await (await ask('/api/v1/facility-types')).json()
  return types.find((each) => each.type === facility.type).capacity_field
}

const places = [
  { name: 'desk', lang: 'zh', edit: '修改', options: desk },
  { name: 'phone', lang: 'en', edit: 'Edit', options: phone },
]

describe('the record of a facility', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  for (const place of places) describe(`${place.name}, ${place.lang}`, () => records(place))

  function records({ name, lang, edit, options }) {
    const as = (who, address) => Screen.open(browser, `${server.url}${address}${address.includes('?') ? '&' : '?'}lang=${lang}`, options, who)

    it('changes a facility and shows its history, as of any day', async () => {
      const ask = await server.as('planner')
      const { facilities } = await (await ask('/api/v1/facilities?limit=50')).json()
      const facility = facilities.filter((f) => f.type === 'elderly_canteen' || f.type === 'day_care_centre')[name === 'desk' ? 0 : 1] ?? facilities[0]
      const before = facility.capacity
      const now = before + 7
      const screen = await as('planner', `/?sel=facility/${facility.id}`)
      const { page } = screen
      const drawer = page.locator('.facts')
      await drawer.locator('.timeline li').first().waitFor()
      const versions = await drawer.locator('.timeline > li').count()
      await screen.accessible('the facts with their history')
      await drawer.getByRole('button', { name: edit, exact: true }).click()
      const form = page.locator('form.record')
      await form.waitFor()
      await screen.accessible('the form')
      await form.getByRole('tab').nth(1).click()
      const capacity = form.locator(`[data-field=${await capacityField(ask, facility)}] input`)
      await capacity.fill('many')
      await form.locator('button.primary').click()
      await until('the fault at its field', async () => (await capacity.getAttribute('aria-invalid')) === 'true')
      assert.ok((await form.locator('.error').count()) >= 2, 'the reason is wanting, too')
      await screen.accessible('the form with faults')
      await capacity.fill(String(now))
      await form.locator('textarea').fill(WHY)
      await screen.shot(`form-${name}-${lang}`)
      await form.locator('button.primary').click()
      await form.waitFor({ state: 'detached' })
      await until('the new version', async () => (await drawer.locator('.timeline > li').count()) > versions)
      const newest = await drawer.locator('.timeline > li').first().innerText()
      assert.ok(newest.includes(WHY) && newest.includes(String(before)) && newest.includes(String(now)), newest)
      await screen.shot(`history-${name}-${lang}`)
      await drawer.locator('#as-of').fill('2026-01-01')
      await drawer.locator('.history form button').click()
      await until('the record as it was', async () => (await drawer.locator('#facts-service').innerText()).includes(String(before)))
      assert.equal(screen.params().get('day'), '2026-01-01')
      assert.equal(await drawer.getByRole('button', { name: edit, exact: true }).count(), 0, 'what was is not changed')
      await drawer.locator('.day button').click()
      await until('the record as it is', async () => (await drawer.locator('#facts-service').innerText()).includes(String(now)))
      await screen.settled()
      screen.clean()
      await screen.close()
    })

    it('merges by hand when somebody else was first', async () => {
      const ask = await server.as('planner')
      const mine = name === 'desk' ? 41 : 44 // both may get the same facility
      const { facilities } = await (await ask('/api/v1/facilities?limit=50')).json()
      const facility = facilities.filter((f) => f.type === 'elderly_canteen' || f.type === 'day_care_centre')[name === 'desk' ? 2 : 3] ?? facilities[0]
      const screen = await as('planner', `/?sel=facility/${facility.id}`)
      const { page } = screen
      await page.locator('.facts .timeline li').first().waitFor()
      await page.getByRole('button', { name: edit, exact: true }).click()
      const form = page.locator('form.record')
      await form.getByRole('tab').nth(1).click()
      await form.locator(`[data-field=${await capacityField(ask, facility)}] input`).fill(String(mine))
      await form.locator('textarea').fill(WHY)
      const record = await (await ask(`/api/v1/facilities/${facility.id}`)).json()
      const other = await ask(`/api/v1/facilities/${facility.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'if-match': `"${record.version}"` },
        body: JSON.stringify({ capacity: 43, address: `新华路 ${record.version} 号`, reason: '电话核实' }),
      })
      assert.equal(other.status, 200, await other.text())
      await form.locator('button.primary').click()
      await page.locator('form.record input[name^=merge-]').first().waitFor()
      screen.forgive(/412/)
      const text = await screen.text('form.record')
      assert.ok(text.includes(String(mine)) && text.includes('43') && text.includes('电话核实'), text)
      await screen.accessible('the merge')
      await screen.shot(`merge-${name}-${lang}`)
      await form.locator('button.primary').click()
      await form.locator('textarea').waitFor()
      assert.equal(await form.locator('textarea').inputValue(), WHY, 'nothing typed is lost')
      await form.locator('button.primary').click()
      await form.waitFor({ state: 'detached' })
      const merged = await (await ask(`/api/v1/facilities/${facility.id}`)).json()
      assert.deepEqual([merged.capacity, merged.address], [mine, `新华路 ${record.version} 号`])
      screen.clean()
      await screen.close()
    })

    it('registers a facility where the map is clicked', async () => {
      const ask = await server.as('planner')
      const screen = await as('planner', '/facilities')
      const { page } = screen
      if (name === 'desk') {
        await page.locator('.panel .head button').click()
      } else {
        await page.locator('.sheet .head button').click()
      }
      const form = page.locator('form.record')
      await form.waitFor()
      await form.locator('input[lang=zh-CN]').fill(`新设食堂 ${name}`)
      await form.locator('textarea').fill(WHY)
      const { bounds: [west, south, east, north] } = await (await ask('/api/v1/district')).json()
      await screen.click((west + east) / 2, (south + north) / 2)
      await until('the place', async () => (await form.locator('input[inputmode=decimal]').first().inputValue()) !== '')
      await page.locator('.place-marker').waitFor()
      await screen.accessible('a place that is chosen')
      await form.locator('button.primary').click()
      await form.waitFor({ state: 'detached' })
      await until('its facts', async () => (await screen.text('#facts-title')).includes(`新设食堂 ${name}`))
      screen.clean()
      await screen.close()
    })
  }
})
