// Named scenarios, in a real browser against the real server: a plan is dragged on the map
// and saved, shared, seen by somebody else, set beside another and adopted.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('scenarios', { skip: reason || false }, () => {
  let server, browser, planner, page
  before(async () => {
    server = await start()
    browser = await launch()
    planner = await Screen.open(browser, `${server.url}/?lang=zh&limit=900&band=all`, desk, 'planner')
    page = planner.page
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const row = (on, name) => on.locator(`[data-scenario-row="${name}"]`)
  const card = (on, name) => on.locator(`[data-option="${name}"]`)

  it('are empty at first, and say how to begin', async () => {
    const screen = await Screen.open(browser, `${server.url}/scenarios?lang=zh`, low, 'planner')
    await screen.page.getByText('您还没有方案').waitFor()
    await screen.accessible('an empty list')
    await screen.page.goto(`${server.url}/scenarios/compare?lang=zh`)
    await screen.page.getByText('还没有选方案').waitFor()
    screen.clean()
    await screen.close()
  })

  it('are saved from a drag on the map, with a name and what they cost', async () => {
    await page.locator('[data-whatif="begin"]').click()
    await page.locator('[data-whatif="middle"]').click()
    await page.locator('.plan-pin').waitFor()
    const box = await page.locator('.plan-pin').boundingBox()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x - 60, box.y + 40, { steps: 4 })
    await page.mouse.up()
    await page.locator('[data-scenario="keep"]').click()
    const dialog = page.locator('dialog[open]')
    await dialog.getByRole('button', { name: '保存', exact: true }).click()
    await dialog.getByText('请填写').waitFor()
    await dialog.locator('[data-scenario="name"]').fill('新设一处')
    await dialog.getByLabel('新增 A').fill('老菜场二楼')
    await dialog.getByRole('button', { name: '添加一项' }).click()
    await dialog.getByLabel('项目').fill('装修')
    await dialog.getByLabel('金额（元）').fill('480000')
    await dialog.getByLabel('资金来源').fill('区财政')
    await planner.accessible('saving a scenario')
    const [reply] = await Promise.all([
      page.waitForResponse((response) => response.url().includes('/scenarios') && response.request().method() === 'POST'),
      dialog.locator('[data-scenario="save"]').click(),
    ])
    assert.equal(reply.status(), 201)
    assert.equal((await reply.json()).steps[0].name, '老菜场二楼')
    await page.getByText('这就是方案“新设一处”').waitFor()
  })

  it('follow what is dragged on, and are updated', async () => {
    await page.locator('.plan-pin').focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await page.getByText('由方案“新设一处”改来').waitFor()
    await page.locator('[data-scenario="update"]').click()
    await page.locator('dialog[open] [data-scenario="save"]').click()
    await page.getByText('这就是方案“新设一处”').waitFor()
    // A second one: the same with another place beside it.
    await page.locator('[data-whatif="middle"]').click()
    await page.locator('[data-scenario="keep"]').click()
    await page.locator('dialog[open] [data-scenario="name"]').fill('新设两处')
    await page.locator('dialog[open]').getByLabel('保存后共享').check()
    await page.locator('dialog[open] [data-scenario="save"]').click()
    await page.getByText('这就是方案“新设两处”').waitFor()
  })

  it('are their owner’s until they are shared', async () => {
    const other = await Screen.open(browser, `${server.url}/scenarios?lang=zh&view=shared`, low, 'subdistrict-steward')
    await row(other.page, '新设两处').waitFor()
    assert.equal(await row(other.page, '新设一处').count(), 0)

    await page.goto(`${server.url}/scenarios?lang=zh&view=mine`)
    await row(page, '新设一处').getByRole('button').click()
    await page.locator('.drawer').getByText('老菜场二楼').waitFor()
    await planner.accessible('a scenario')
    await planner.shot('scenario')
    await page.locator('[data-scenario="share"]').click()
    await page.locator('.drawer').getByText(/起共享/).waitFor()
    await page.keyboard.press('Escape')

    await other.page.reload()
    await row(other.page, '新设一处').waitFor()
    assert.match(await row(other.page, '新设一处').innerText(), /48 万元/)
    await row(other.page, '新设一处').getByRole('button').click()
    await other.page.locator('.drawer [data-scenario="on-map"]').waitFor()
    assert.equal(await other.page.locator('.drawer [data-scenario="edit"]').count(), 0)
    other.clean()
    await other.close()
  })

  it('are set side by side, and one is adopted', async () => {
    for (const name of ['新设一处', '新设两处']) await row(page, name).getByRole('checkbox').check()
    await page.locator('[data-scenario="compare"]').click()
    await card(page, '新设两处').waitFor()
    assert.match(page.url(), /\/scenarios\/compare\?ids=[0-9a-f-]{36},[0-9a-f-]{36}/)
    await page.locator('[data-differences="facilities"]').getByText('老菜场二楼').waitFor()
    // The table by division adds up to the totals of the cards.
    const totals = await page.locator('[data-differences="divisions"] tfoot td').allInnerTexts()
    for (const [i, name] of (await page.locator('[data-option]').evaluateAll((all) => all.map((each) => each.dataset.option))).entries()) {
      assert.equal(await card(page, name).locator('.lead strong').innerText(), totals[i + 1])
    }
    await planner.accessible('a comparison')
    await planner.shot('scenarios')
    await page.getByLabel('按哪级辖区').selectOption('subdistrict')
    await until('the address', () => new URL(page.url()).searchParams.get('level') === 'subdistrict')
    await card(page, '新设一处').locator('[data-scenario="adopt"]').click()
    await page.locator('dialog[open] textarea').fill('投入少，覆盖够用')
    await page.locator('dialog[open]').getByRole('button', { name: '采用', exact: true }).click()
    await card(page, '新设一处').getByText('投入少，覆盖够用').waitFor()
    planner.clean()
  })

  it('show on the phone in English, and open on the map', async () => {
    const screen = await Screen.open(browser, page.url().replace('lang=zh', 'lang=en'), phone, 'planner')
    await card(screen.page, '新设一处').getByText('Adopted', { exact: true }).waitFor()
    await screen.accessible('a comparison on the phone')
    await screen.shot('scenarios-phone')
    await card(screen.page, '新设一处').getByRole('link', { name: 'See on the map' }).click()
    await until('the map', () => /[?&]plan=a/.test(screen.page.url()))
    await screen.settled()
    screen.clean()
  })
})
