// Where a number comes from, in a real browser against the real server: a community's
// uncovered opens to its people, whose sum it is, and one of them to the walk street by
// street.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('where a number comes from', { skip: reason || false }, () => {
  let server, browser, planner, page, ask
  before(async () => {
    server = await start()
    browser = await launch()
    ask = await server.as('planner')
    planner = await Screen.open(browser, `${server.url}/?lang=zh&level=community&band=all`, desk, 'planner')
    page = planner.page
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const param = (name) => new URL(page.url()).searchParams.get(name)
  const figures = async () => (await (await ask('/api/v1/coverage?type=elderly_canteen')).json()).divisions.filter((each) => each.level === 'community')
  const numberIn = (text) => Number(text.replace(/[^\d.]/g, ''))
  /** the community with the most people uncovered */
  const lacking = async () => (await figures()).sort((a, b) => b.bands[0].uncovered - a.bands[0].uncovered)[0]

  it('opens a community’s uncovered to people who make it', async () => {
    const { code, bands } = await lacking()
    await page.locator(`tr[data-code="${code}"] [data-explain^="uncovered/"]`).click()
    await page.locator('[data-point]').first().waitFor()
    assert.equal(param('explain'), `uncovered/division/${code}`)
    assert.equal(numberIn(await page.locator('[data-explained=amount]').innerText()), bands[0].uncovered)
    const listed = await page.locator('[data-point] .people').allInnerTexts()
    const sum = listed.reduce((all, text) => all + numberIn(text), 0)
    assert.ok(Math.abs(sum - bands[0].uncovered) < 1e-6, `the rows make ${sum}, the figure is ${bands[0].uncovered}`)
    const [said] = (await page.locator('[data-explained=sum]').innerText()).match(/\d+/) ?? []
    assert.equal(Number(said), listed.length)
    await planner.accessible('a figure that is open')
  })

  it('draws somebody’s walk, in the time that their point tells', async () => {
    const row = page.locator('[data-point]').nth(1)
    const id = await row.getAttribute('data-point')
    const [reply] = await Promise.all([page.waitForResponse((response) => response.url().includes('/coverage/route')), row.click()])
    const route = await reply.json()
    assert.equal(param('walk'), id)
    await page.locator('[data-explained=minutes]').waitFor()
    const stretches = route.features.reduce((all, each) => all + Math.round(each.properties.seconds * 1000), 0)
    assert.equal(stretches, Math.round(route.seconds * 1000))
    const point = await (await ask(`/api/v1/people/${id}?type=elderly_canteen&limit=7200`)).json()
    assert.equal(Math.round(point.seconds * 1000), stretches, 'the walk is not the time that the point tells')
    assert.equal(await page.locator('[data-explained=walk] tbody tr').count(), route.features.length)
    await planner.accessible('a walk')
    await page.screenshot({ path: new URL('../test-results/explain-walk.png', import.meta.url).pathname })
  })

  it('is the same for whoever opens the link', async () => {
    const other = await Screen.open(browser, page.url().replace('lang=zh', 'lang=en'), desk, 'planner')
    await other.page.locator('[data-explained=minutes]').waitFor()
    assert.match(await other.page.locator('#explain-title').innerText(), /^People beyond the limit/)
    assert.equal(numberIn(await other.page.locator('[data-explained=amount]').innerText()), numberIn(await page.locator('[data-explained=amount]').innerText()))
    assert.deepEqual(other.faults, [])
    await other.page.context().close()
  })

  it('says what data and which sentences are behind it', async () => {
    await page.locator('[data-explained=data] summary').click()
    await page.locator('[data-explained=data]', { hasText: '路网' }).waitFor()
    await page.locator('[data-explained=rules] summary').click()
    await page.locator('[data-explained=rules]', { hasText: 'FAC-11' }).waitFor()
    await page.locator('[data-explained=again] summary').click()
    const again = await page.locator('[data-explained=again] a').getAttribute('href')
    assert.deepEqual(await (await ask(again)).json(), await (await ask(again)).json())
    await planner.accessible('data and rules')
  })

  it('opens every kind of figure, and closes with the back button', async () => {
    await page.locator('[data-figure="units"] button').click()
    await page.locator('.explain table th').first().waitFor()
    assert.equal(param('explain'), 'units')
    await page.locator('[data-figure="share"] button').focus()
    await page.keyboard.press('Enter')
    await until('the rate', () => param('explain') === 'share')
    await page.locator('[data-point]').first().waitFor()
    await page.goBack()
    await until('the rate by unit again', async () => (await page.locator('[data-explained="units"]').count()) === 1)
    await page.locator('.explain .close').click()
    await until('the drawer to close', async () => (await page.locator('.explain').count()) === 0)
    assert.equal(param('explain'), null)
    await page.locator('[data-figure="uncovered"] button').focus()
    await page.keyboard.press('Enter')
    await page.locator('.explain .close').focus()
    await page.keyboard.press('Escape')
    await until('the number to have the focus back', () => page.evaluate(() => document.activeElement?.getAttribute('data-explain') === 'uncovered'))
  })

  it('explains a trial', async () => {
    const url = new URL(page.url())
    const { facilities } = await (await ask('/api/v1/coverage?type=elderly_canteen')).json()
    url.searchParams.set('plan', `c${facilities[0].id}`)
    const body = { type: 'elderly_canteen', part: 'lost', steps: [{ do: 'close', id: facilities[0].id }] }
    const said = await (await ask('/api/v1/coverage/what-if/points', { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })).json()
    await page.goto(url.href)
    await page.locator('[data-explain="plan.lost"]').click()
    await page.locator('[data-explained=amount]').waitFor()
    await until('the people lost', async () => numberIn(await page.locator('[data-explained=amount]').innerText()) === said.people)
    await page.locator('[data-point]').first().click()
    await page.locator('[data-explained=walk] p').first().waitFor()
    await planner.accessible('a trial explained')
  })

  it('has room on a phone', async () => {
    const { code } = await lacking()
    const screen = await Screen.open(browser, `${server.url}/?lang=zh&band=all&explain=uncovered/division/${code}`, phone, 'planner')
    await screen.page.locator('[data-point]').first().waitFor()
    await screen.accessible('on a phone')
    assert.deepEqual(screen.faults, [])
    await screen.page.context().close()
  })

  it('had no fault on the way', () => assert.deepEqual(planner.faults, []))
})
