// Work in the registry, in a real browser against the real server: a record from its draft
// to its publication, a lasso and a change of many that is taken back, two records that
// become one, and a proposal that is accepted.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)
const WHY = '浏览器测试'

describe('the registry', { skip: reason || false }, () => {
  let server, browser, planner, steward, worker, at

  before(async () => {
    server = await start()
    browser = await launch()
    ;[planner, steward, worker] = await Promise.all(['planner', 'subdistrict-steward', 'field-worker'].map((name) => server.as(name)))
    at = (await get(planner, 'facilities?type=elderly_canteen&limit=1')).facilities[0]
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function get(who, path) {
    const answer = await who(`/api/v1/${path}`)
    assert.equal(answer.status, 200, `${path}: ${answer.status}`)
    return answer.json()
  }

  let sent = 0
  async function send(who, path, body) {
    sent += 1
    const headers = { 'content-type': 'application/json', 'idempotency-key': `registry-${sent}` }
    const answer = await who(`/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.ok(answer.status < 300, `${path}: ${answer.status} ${answer.ok ? '' : await answer.clone().text()}`)
    return answer.json()
  }

  const canteen = (name, more = {}) => ({ type: 'elderly_canteen', name_zh: name, status: 'open', capacity: 60, lon: at.lon, lat: at.lat, reason: WHY, ...more })
  /** One browser for each who works here: signing in takes longer than the steps do. */
  const screens = new Map()
  async function open(as, path, options = low) {
    const key = `${as} ${options.isMobile ?? false}`
    const known = screens.get(key)
    if (known) {
      await known.page.goto(server.url + path)
      return known
    }
    const screen = await Screen.open(browser, server.url + path, options, as)
    screens.set(key, screen)
    return screen
  }

  /** Takes a step of a record in its drawer, with a reason. */
  async function step(screen, name) {
    const button = screen.page.locator(`[data-step=${name}]`)
    if ((await button.count()) === 0) await screen.page.locator('.life .popup > button').click()
    await button.click()
    await screen.page.locator('dialog[open] textarea').fill(WHY)
    await screen.page.locator('dialog[open] form button').first().click()
    await screen.page.locator('dialog[open]').waitFor({ state: 'detached' })
  }

  it('takes a draft to its publication', async () => {
    const draft = await send(steward, 'facilities', canteen('浏览器食堂', { stage: 'draft' }))
    const mine = await open('subdistrict-steward', `/facilities?stage=draft&sel=facility/${draft.id}`)
    await mine.page.locator(`tr[data-id="${draft.id}"]`).waitFor()
    await until('the draft in words', async () => (await mine.text('.life')).includes('草稿'))
    assert.equal(await mine.page.locator('[data-step=publish]').count(), 0)
    await step(mine, 'submit')
    await until('that it is submitted', async () => (await mine.text('.life')).includes('待发布'))
    mine.clean()
    const theirs = await open('planner', `/facilities?stage=submitted&sel=facility/${draft.id}`)
    await step(theirs, 'publish')
    await until('that it is published', async () => (await get(planner, `facilities/${draft.id}`)).stage === 'published')
    await until('that the list has it no more', async () => (await theirs.page.locator(`tr[data-id="${draft.id}"]`).count()) === 0)
    await step(theirs, 'suspended')
    await until('that it is suspended', async () => (await get(planner, `facilities/${draft.id}`)).status === 'suspended')
    await theirs.page.locator('[data-step=verify]').click()
    await theirs.page.locator('dialog[open] button.primary').click()
    await until('that it is verified', async () => (await get(planner, `facilities/${draft.id}`)).verified_on !== null)
    theirs.clean()
  })

  it('draws an area, changes what is in it, and takes that back', async () => {
    await send(planner, 'facilities', canteen('待落图食堂', { lon: undefined, lat: undefined, division_code: at.division_code, stage: 'draft' }))
    const screen = await open('planner', '/facilities?all=1')
    const { page } = screen
    await until('the table', async () => (await page.locator('#registry-body tbody tr').count()) > 2)
    const before = await page.locator('#registry-body tbody tr').count()
    await screen.accessible('the table of facilities')
    // Escape gives drawing up.
    await page.locator('[data-draw]').click()
    await page.locator('.drawing').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.drawing').waitFor({ state: 'detached' })
    await page.locator('[data-draw]').click()
    const { x, y } = await screen.pointOf(at.lon, at.lat)
    const radius = 46
    await page.mouse.move(x + radius, y)
    await page.mouse.down()
    for (let i = 1; i <= 24; i++) await page.mouse.move(x + radius * Math.cos((i * Math.PI) / 12), y + radius * Math.sin((i * Math.PI) / 12))
    await page.mouse.up()
    await until('the area in the address', () => screen.params().get('area'))
    await until('fewer rows', async () => (await page.locator('#registry-body tbody tr').count()) < before)
    await page.locator(`tr[data-id="${at.id}"]`).waitFor()
    assert.equal(screen.params().get('sel'), null)
    const rows = page.locator('#registry-body tbody input[type=checkbox]')
    const n = await rows.count()
    await page.locator('#registry-body thead input[type=checkbox]').check()
    await until('that all are chosen', async () => (await page.locator('.tablebar header').innerText()).includes(`已选 ${n} 处`))
    const { operator } = (await get(planner, `facilities/${at.id}`)).fields
    await page.locator('[data-bulk]').click()
    await page.locator('dialog select').first().selectOption('fields.operator')
    await page.locator('dialog [data-field=operator] input').fill('浏览器餐饮公司')
    await page.locator('dialog textarea').fill(WHY)
    await page.locator('dialog button.primary').click()
    await page.locator(`dialog [data-outcome=changed]`).waitFor()
    await screen.accessible('a change of many')
    await page.locator('dialog button.primary').click()
    await page.locator('dialog [data-undo]').waitFor()
    assert.equal((await get(planner, `facilities/${at.id}`)).fields.operator, '浏览器餐饮公司')
    await page.locator('dialog [data-undo]').click()
    await until('that it is undone', async () => (await page.locator('dialog .told').innerText()).includes('已撤销'))
    assert.equal((await get(planner, `facilities/${at.id}`)).fields.operator, operator)
    await page.locator('dialog button.primary').click()
    await page.locator('.chip button').first().click()
    await until('all rows again', async () => (await page.locator('#registry-body tbody tr').count()) >= before)
    await page.locator('[data-work=unplaced]').click()
    await until('what is not placed', async () => (await page.locator('#registry-body tbody tr').count()) === 1)
    // The address says it all.
    await page.reload()
    await until('the same list', async () => (await page.locator('#registry-body tbody tr').count()) === 1)
    screen.clean()
  })

  it('merges two records, and leads from the one to the other', async () => {
    const twin = await send(planner, 'facilities', canteen('重复的食堂', { capacity: 45, address: '解放路 9 号', lon: at.lon + 0.0003 }))
    const screen = await open('planner', `/facilities?sel=facility/${twin.id}`)
    const { page } = screen
    await page.locator('.life .popup > button').click()
    await page.locator('[data-step=merge]').click()
    await page.locator('dialog li button', { hasText: at.name_zh }).first().click()
    await page.locator('dialog table').waitFor()
    await page.locator('dialog tr', { hasText: '地址' }).getByRole('radio').first().check()
    await screen.accessible('two records side by side')
    await page.locator('dialog textarea').fill(WHY)
    await page.locator('dialog button.primary').click()
    await until('the one that stays', async () => (await screen.text('#facts-title')) === at.name_zh)
    const kept = await get(planner, `facilities/${at.id}`)
    assert.equal(kept.address, '解放路 9 号')
    assert.equal(kept.capacity, at.capacity)
    // An old link leads on, and says so.
    await page.goto(`${server.url}/?sel=facility/${twin.id}`)
    await until('where it leads', () => screen.params().get('sel') === `facility/${at.id}`)
    await until('that it leads on', async () => (await screen.text('.facts')).includes('“重复的食堂”已并入这条记录'))
    await page.getByRole('button', { name: '看原记录' }).click()
    await until('the tombstone', async () => (await screen.text('.facts')).includes(`已并入“${at.name_zh}”`))
    // Undone, both are as they were.
    await page.locator('[data-step=unmerge]').click()
    await page.locator('dialog textarea').fill('并错了')
    await screen.accessible('a merge that is to be undone')
    await page.locator('dialog button.primary').click()
    await page.locator('[data-step=verify]').waitFor()
    assert.equal((await get(planner, `facilities/${at.id}`)).address, at.address)
    assert.deepEqual((await get(planner, `facilities/${twin.id}`)).replaced_by, [])
    screen.clean()
  })

  it('shows where a record moved', async () => {
    const moved = await send(planner, 'facilities', canteen('搬迁的食堂'))
    const answer = await planner(`/api/v1/facilities/${moved.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': '"1"' },
      body: JSON.stringify({ lon: at.lon + 0.002, reason: '搬迁' }),
    })
    assert.equal(answer.status, 200)
    const screen = await open('planner', `/facilities?sel=facility/${moved.id}`)
    await screen.page.locator('[data-move]').click()
    await until('the move', async () => (await screen.page.locator('[data-move]').getAttribute('aria-pressed')) === 'true')
    await screen.settled()
    await screen.shot('registry-move')
    screen.clean()
  })

  it('takes a proposal from the street and lets a steward accept it, beside what changed meanwhile', async () => {
    const target = await send(planner, 'facilities', canteen('建议食堂'))
    const street = await open('field-worker', `/facilities?sel=facility/${target.id}`, phone)
    await street.page.locator('[data-step=propose]').click()
    const form = street.page.locator('form.record')
    await form.getByLabel('地址').fill('花桥路 77 号')
    await form.locator('textarea').last().fill('门牌已换')
    await form.locator('button.primary').click()
    await until('that it waits', async () => (await street.text('.life')).includes('1 条变更建议待处理'))
    street.clean()
    // Somebody changes the same field before it is decided.
    await planner(`/api/v1/facilities/${target.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'if-match': '"1"' },
      body: JSON.stringify({ address: '花桥路 70 号', reason: '核对' }),
    })
    const screen = await open('subdistrict-steward', '/proposals')
    const { page } = screen
    await page.locator('tr[data-proposal] button').click()
    await until('the conflict in words', async () => (await screen.text('.drawer')).includes('他人已改') || (await screen.text('.drawer')).includes('有人改了'))
    await screen.accessible('a proposal')
    assert.equal(await page.locator('[data-accept]').isDisabled(), true)
    await page.locator('.drawer tr.crossed').getByRole('radio').last().check()
    await page.locator('[data-accept]').click()
    await until('that it is accepted', async () => (await screen.text('.drawer')).includes('已采纳'))
    assert.equal((await get(worker, `facilities/${target.id}`)).address, '花桥路 77 号')
    screen.clean()
  })

  it('lists what is overdue for paper and the phone, and names who looks after it', async () => {
    const screen = await open('planner', '/areas')
    const { page } = screen
    await page.locator('tr[data-division] button').first().click()
    const fields = page.locator('dialog input')
    await fields.nth(0).fill('花桥街道办事处')
    await fields.nth(2).fill('022-27391234')
    await page.locator('dialog textarea').fill(WHY)
    await page.locator('dialog button.primary').click()
    await until('the steward', async () => (await screen.text('tr[data-division]')).includes('花桥街道办事处'))
    await screen.accessible('areas and stewards')
    await page.goto(`${server.url}/overdue`)
    await until('the list', async () => (await page.locator('tr[data-id]').count()) > 0)
    assert.match(await screen.text('section[aria-labelledby^="overdue-9"]'), /花桥街道办事处[\s\S]*022-27391234/)
    await screen.accessible('the list of what is overdue')
    await page.emulateMedia({ media: 'print' })
    assert.equal(await page.locator('.box').first().isVisible(), true)
    assert.equal(await page.locator('.bar').isVisible(), false)
    screen.clean()
    const small = await open('planner', '/facilities?lang=en', phone)
    await small.page.locator('.tabs button').nth(1).click()
    await until('the table', async () => (await small.page.locator('#registry-body tbody tr').count()) > 0)
    await small.accessible('the table on the phone')
    assert.doesNotMatch(await small.text('.tablebar header'), /[\u4e00-\u9fff]/)
    small.clean()
  })
})
