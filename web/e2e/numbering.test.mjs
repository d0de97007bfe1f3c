// A planner numbers a road of which only the name is known: draws its line, puts doors on both
// sides, looks at what is proposed, tries another number and hears at once what is wrong with it,
// and takes all of them over as addresses, which then stay as they are.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('numbering of doors', { skip: reason || false }, () => {
  let server, browser
  const road = `编号路${Date.now() % 100000}`

  before(async () => {
    server = await start()
    browser = await launch()
    const ask = await server.as('place-name-registrar')
    const { divisions } = await (await ask('/api/v1/coverage?type=elderly_canteen&limit=900&speed=0.9')).json()
    const community = divisions.find((each) => each.level === 'community').code
    const decision = { kind: 'naming', number: '〔2026〕1号', day: '2026-01-05', body: '区政府' }
    const made = await ask('/api/v1/place-names', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify({ text: road, kind: 'road', state: 'approved', divisions: [community], decision, reason: '登记' }),
    })
    assert.equal(made.status, 201, await made.text())
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('draws a road, proposes, adjusts and takes over', async () => {
    const screen = await Screen.open(browser, `${server.url}/numbering?lang=zh`, desk, 'plate-manager')
    const { page } = screen
    await page.locator('[data-field=road]').fill(road)
    await page.locator(`[data-road="${road}"]`).click()
    const canvas = page.locator('.frame .map canvas')
    await canvas.scrollIntoViewIfNeeded()
    const click = async (x, y) => {
      const box = await canvas.boundingBox()
      await page.mouse.click(box.x + box.width * x, box.y + box.height * y)
      await page.waitForTimeout(400) // two clicks soon after one another are a double click
    }
    await page.locator('[data-tool=road]:not([disabled])').click()
    await click(0.45, 0.5)
    await click(0.55, 0.5)
    await page.keyboard.press('Enter')
    await page.getByText('由东端起编，全长').waitFor()
    await page.waitForTimeout(900) // the map brings the line into sight
    await page.locator('[data-tool=door]:not([disabled])').click()
    for (const [x, y] of [[0.7, 0.6], [0.5, 0.6], [0.6, 0.4]]) await click(x, y)
    await page.locator('[data-tool=door]').click()
    const numbered = (text) => page.locator('tbody tr', { has: page.getByRole('button', { name: `查看 ${text}`, exact: true }) })
    // Buildings along the line may have numbers as well; the doors are among them.
    await until('numbers for the doors', async () => (await page.locator('tr[data-frontage^=new-][data-kind=number]').count()) === 3)
    await screen.accessible('numbers that are proposed')
    await screen.shot('numbering')

    await page.locator('tr[data-frontage=new-2] button').click()
    const before = await page.locator('tr[data-frontage=new-2] button').innerText()
    await page.locator('[data-field=fixed]').fill('901')
    await page.locator('[data-field=fixed]').press('Tab')
    await page.locator('[data-check=PLT-02]').waitFor()
    assert.equal(await numbered('901').count(), 1)
    await page.locator('[data-field=fixed]').fill('')
    await page.locator('[data-field=fixed]').press('Tab')
    await until('the proposal as it was', async () => (await page.locator('tr[data-frontage=new-2] button').innerText()) === before)
    await page.locator('[data-do=reserve]').click()
    await page.locator('tr[data-frontage=new-2][data-kind=reserved]').waitFor()

    await page.locator('[data-do=take]').click()
    await page.locator('dialog textarea').fill('新路编号')
    await page.locator('dialog button.primary').click()
    await page.getByText(/已登记 \d+ 个地址，1 条路/).waitFor()
    await until('numbers that stay', async () => page.locator('[data-do=take]').isDisabled())
    const ask = await server.as('plate-manager')
    const { streets } = await (await ask(`/api/v1/numbering/streets?q=${encodeURIComponent(road)}`)).json()
    assert.ok(streets[0].numbers >= 3, `${streets[0].numbers} numbers`)
    screen.clean()
    await screen.close()
  })

  it('shows rule sets with their sources, and lets one be copied', async () => {
    const screen = await Screen.open(browser, `${server.url}/numbering?lang=en&tab=rules`, phone, 'plate-manager')
    const { page } = screen
    await page.locator('[data-preset=tianjin] summary').click()
    await page.getByText('odd on the left, even on the right', { exact: false }).first().waitFor()
    await screen.accessible('rule sets on the phone')
    await screen.shot('numbering-rules-phone')
    await page.locator('[data-preset=tianjin] [data-do=copy]').click()
    await page.locator('[data-field=name]').fill(`本区方案 ${road}`)
    await page.locator('dialog textarea').fill('本区采用')
    await page.locator('dialog button.primary').click()
    await page.getByText('Saved.').waitFor()
    screen.clean()
    await screen.close()
  })
})
