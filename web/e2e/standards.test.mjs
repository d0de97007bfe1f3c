// What types declare and what the standards find, in a real browser: a canteen is
// registered with the fields of its type, a check fails, the record is mended, and the
// check passes.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const NAME = '核查食堂'
const WHY = '现场核实，见民政〔2026〕16 号'

describe('types and standards', { skip: reason || false }, () => {
  let server, browser, ask

  before(async () => {
    server = await start()
    browser = await launch()
    ask = await server.as('planner')
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('registers a canteen by what its type declares, finds a fault, mends it, and finds it met', async () => {
    const screen = await Screen.open(browser, `${server.url}/facilities?lang=zh&type=elderly_canteen`, low)
    const { page } = screen
    const form = page.locator('form.record')
    const drawer = page.locator('.facts')
    const field = (name) => form.locator(`[data-field=${name}] :is(input, select)`)
    const tab = (n) => form.getByRole('tab').nth(n)
    await page.locator('.panel .head button').click()
    await form.waitFor()
    await form.locator('select').first().selectOption('elderly_canteen')
    await form.locator('input[lang=zh-CN]').fill(NAME)
    assert.match(await screen.text('[data-testid=missing]'), /还缺 1 项.*日供餐能力/)
    const { bounds: [west, south, east, north] } = await (await ask('/api/v1/district')).json()
    await form.locator('input[inputmode=decimal]').nth(0).fill(String((west + east) / 2))
    await form.locator('input[inputmode=decimal]').nth(1).fill(String((south + north) / 2))

    // Two tabs; a fault on the one that is not shown brings it up.
    await field('fire_safety').selectOption('valid')
    await field('floor_area').fill('96.5')
    await tab(1).click()
    assert.equal(await field('floor_area').isVisible(), false)
    await field('meals_per_day').fill('很多')
    await field('food_licence').selectOption('expired')
    await field('services').first().check()
    await field('meal_times').fill('午餐：11:00—13:00')
    await tab(0).click()
    await form.locator('textarea').fill(WHY)
    await form.locator('button.primary').click()
    await until('the fault in its field', async () => (await field('meals_per_day').getAttribute('aria-invalid')) === 'true')
    assert.equal(await field('meals_per_day').isVisible(), true, 'its tab is shown')
    await screen.accessible('the form of a type')
    await field('meals_per_day').fill('120')
    assert.match(await screen.text('[data-testid=missing]'), /已填齐/)
    await screen.shot('standards-form')
    await form.locator('button.primary').click()
    await form.waitFor({ state: 'detached' })
    await until('its facts', async () => (await screen.text('#facts-title')).includes(NAME))

    // Facts by tab, with units and in one spelling.
    await drawer.getByRole('tab').nth(1).click()
    assert.match(await screen.text('#facts-service'), /120\u2009份\/日[\s\S]*堂食|堂食[\s\S]*120\u2009份\/日/)
    assert.match(await screen.text('#facts-service'), /午餐 11:00-13:00/)

    // The licence fails, and says all that one needs to judge it.
    const licence = drawer.locator('.finding[data-rule=FAC-22]')
    await licence.waitFor()
    assert.equal(await licence.getAttribute('data-outcome'), 'fail')
    await licence.locator('summary').click()
    const told = await licence.innerText()
    for (const part of ['食品经营许可证：已过期', '应为有效', '强制', '已读摘录或转载（r）', '全国', '2022年西青区民政工作要点']) assert.ok(told.includes(part), `${part} in ${told}`)
    await drawer.locator('.quality summary').click()
    assert.match(await drawer.locator('.quality').innerText(), /\d+ \/ 100[\s\S]*从未到现场核实[\s\S]*未填写/)
    await screen.accessible('the findings')
    await screen.shot('standards-finding')
    const csv = await (await ask('/api/v1/facility-findings.csv?rule=FAC-22&outcome=fail')).text()
    assert.ok(csv.includes(NAME), csv)

    await drawer.getByRole('button', { name: '修改', exact: true }).click()
    await tab(1).click()
    assert.equal(await field('meals_per_day').inputValue(), '120')
    await field('food_licence').selectOption('valid')
    assert.match(await form.innerText(), /将修改：食品经营许可证/)
    await form.locator('textarea').fill('换发新证')
    await form.locator('button.primary').click()
    await form.waitFor({ state: 'detached' })
    await until('the licence to be met', async () => (await licence.getAttribute('data-outcome')) === 'pass')
    const history = drawer.locator('.timeline')
    await until('the change in words', async () => /食品经营许可证[\s\S]*已过期[\s\S]*有效/.test(await history.innerText()))

    // The same in the list of the district, whose row opens to what it rests on.
    await page.goto(`${server.url}/standards?lang=zh&rule=FAC-22&outcome=pass`)
    await page.getByRole('button', { name: NAME, exact: true }).first().click()
    assert.match(await page.locator('.drawer').innerText(), /食堂证照[\s\S]*食品经营许可证：有效/)
    await screen.accessible('the findings of the district')
    await screen.shot('standards-district')
    await page.keyboard.press('Escape')
    await page.getByRole('tab').nth(1).click()
    // One table of records, and one of subdistricts where there are several to compare.
    const quality = await (await (await server.as('planner'))('/api/v1/facility-quality?limit=1')).json()
    assert.ok(quality.subdistricts.length > 0)
    const tables = quality.subdistricts.length > 1 ? 2 : 1
    await until('the records by quality', async () => (await page.locator('#checks-quality table').count()) === tables)
    assert.ok((await page.locator('#checks-quality table.cards tbody tr').count()) > 0)
    assert.equal(screen.params().get('show'), 'quality')

    // What is asked of divisions has a table of its own; a row says what it rests on.
    const { findings } = await (await ask('/api/v1/division-findings?rule=FAC-33')).json()
    const committee = findings.find((each) => each.finding.outcome !== 'not_applicable')
    assert.ok(committee, 'a community is held to the law on residents’ committees')
    await page.getByRole('tab').nth(2).click()
    await until('the tab in the address', () => screen.params().get('show') === 'divisions')
    await page.goto(`${server.url}/standards?lang=zh&show=divisions&rule=FAC-33&outcome=${committee.finding.outcome}`)
    await page.getByRole('button', { name: committee.name_zh, exact: true }).click()
    assert.match(await page.locator('.drawer').innerText(), /户数：\d+[\s\S]*《城市居民委员会组织法》/)
    await screen.accessible('the findings of divisions')
    await screen.shot('standards-divisions')
    await page.keyboard.press('Escape')
    screen.clean()
    await screen.close()
  })

  it('keeps a record that lacks what publishing needs, and says so, on the phone in English', async () => {
    const screen = await Screen.open(browser, `${server.url}/facilities?lang=en`, phone)
    const { page } = screen
    await page.locator('.sheet .head button').click()
    const form = page.locator('form.record')
    await form.waitFor()
    await form.locator('select').first().selectOption('marriage_office')
    assert.match(await screen.text('[data-testid=missing]'), /Everything/)
    await form.getByRole('tab').nth(1).click()
    assert.equal(await form.locator('[data-field=rooms] input[type=checkbox]').count(), 6)
    await form.locator('select').first().selectOption('day_care_centre')
    assert.match(await screen.text('[data-testid=missing]'), /day-care places/)
    await form.locator('input[lang=zh-CN]').fill('待补照料中心')
    await form.locator('textarea').fill(WHY)
    await form.getByRole('tab').nth(0).click()
    const { bounds: [west, south, east, north] } = await (await ask('/api/v1/district')).json()
    const decimals = form.locator('input[inputmode=decimal]')
    await decimals.nth(0).fill(String((west + east) / 2))
    await decimals.nth(1).fill(String((south + north) / 2))
    await form.locator('button.primary').click()
    await form.waitFor({ state: 'detached' })
    await until('its facts', async () => (await screen.text('#facts-title')).includes('待补照料中心'))
    const facts = page.locator('.facts')
    await until('its stage', async () => /To be published/.test(await facts.innerText()))
    await facts.locator('.finding').first().waitFor()
    await screen.accessible('the facts of a type on the phone')
    await screen.shot('standards-phone')
    screen.clean()
    await screen.close()
  })
})
