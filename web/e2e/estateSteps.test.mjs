// The milestones of a new estate in a real browser against the real server: from the list
// that it comes in, through a refusal to the hand-over, after which the ledger has the rooms.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, session, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const MILESTONES = ['conditions', 'plan_review', 'construction', 'acceptance', 'handover']

describe('the milestones of a new estate', { skip: reason || false }, () => {
  let server, browser, estate

  before(async () => {
    server = await start()
    browser = await launch()
    estate = await bringEstate()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function api(method, path, body) {
    const answer = await fetch(`${server.url}/api/v1/${path}`, {
      method,
      headers: { cookie: await session(server.url, 'planner'), 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Origin: server.url },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }

  /** An estate with two rooms in the first community, out of two lists. */
  async function bringEstate() {
    const { communities } = await api('GET', 'premises-summary')
    const screen = await Screen.open(browser, `${server.url}/estates?lang=zh`, low, 'planner')
    const { page } = screen
    const take = async (name, lines) => {
      await page.locator('[data-estate=import]').click()
      await page.locator('dialog input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(lines.join('\r\n')) })
      await page.locator('dialog [name=reason]').fill('规划部门来函')
      await page.locator('dialog button.primary').click()
      await page.locator('dialog [data-taken=true]').waitFor()
      await page.locator('dialog button.primary').click()
      await page.locator('dialog').waitFor({ state: 'detached' })
    }
    await take('estates.csv', ['小区名称,辖区编码,建设单位,规划户数,分期', `春和家园,${communities[0].code},某某置业,600,一期 600户 2025-03-01开工 2026-05-01验收`])
    await take('rooms.csv', ['小区名称,用房名称,楼栋,楼层,房号,用途,建筑面积,所在分期,开工日期,验收日期', ...[['101', '社区用房', '社区服务', '400'], ['102', '养老用房', '养老服务', '300']].map(([no, name, use, area]) => `春和家园,${name},3,1,${no},${use},${area},1,2025-03-01,2026-05-01`)])
    screen.clean()
    await screen.close()
    return (await api('GET', 'estates?q=' + encodeURIComponent('春和家园'))).estates[0]
  }

  const address = (lang) => `${server.url}/estates?estate=${estate.id}&tab=steps&lang=${lang}`

  async function ask(page, milestone) {
    const at = page.locator(`li[data-milestone=${milestone}]`)
    await at.locator('[data-step=ask]').click()
    const form = page.locator('dialog form')
    await form.locator('[data-check] strong').waitFor() // what the check says stands beside
    await form.locator('[name=by]').fill('区规划资源局')
    await form.locator('button.primary').click()
    await page.locator('dialog').waitFor({ state: 'detached' })
    return at
  }

  async function answer(page, milestone, office, verdict, letter) {
    const at = page.locator(`li[data-milestone=${milestone}]`)
    await at.locator(`[data-waiting="${office}"] [data-step=answer]`).click()
    const form = page.locator('dialog form')
    await form.locator(`[name=verdict][value=${verdict}]`).check()
    await form.locator('[name=letter]').fill(letter)
    await form.locator('[name=signer]').fill('王某')
    if (verdict !== 'agreed') await form.locator('[name=text]').fill('补足养老用房面积')
    await form.locator('button.primary').click()
    await page.locator('dialog').waitFor({ state: 'detached' })
  }

  it('passes from the planning conditions to the hand-over, and the ledger takes the rooms', async () => {
    const screen = await Screen.open(browser, address('zh'), low, 'estate-reviewer')
    const { page } = screen
    const state = (milestone) => page.locator(`li[data-milestone=${milestone}]`).getAttribute('data-state')
    await page.locator('li[data-milestone=conditions]').waitFor()
    assert.equal(await page.locator('[data-step=ask]').count(), 1, 'a milestone may be skipped')
    await screen.accessible('milestones that nobody began')

    const first = await ask(page, 'conditions')
    await first.locator('[data-waiting]').first().waitFor()
    assert.equal(await state('conditions'), 'waiting')
    await answer(page, 'conditions', '区民政局', 'refused', '函告1号')
    await until('the refusal to show', async () => (await state('conditions')) === 'refused')
    assert.match(await page.locator('[data-due]').innerText(), /整改后重新征求/)
    await screen.accessible('a refusal')

    let letter = 2
    for (const milestone of MILESTONES) {
      await ask(page, milestone)
      for (const office of ['区民政局', '区委社会工作部']) {
        await answer(page, milestone, office, letter === 2 ? 'conditional' : 'agreed', `函告${letter}号`)
        letter++
      }
      await until(`${milestone} to be passed`, async () => (await state(milestone)) === 'passed')
    }
    assert.match(await page.locator('[data-conditions]').innerText(), /补足养老用房面积/)
    assert.match(await page.locator('li[data-milestone=conditions] [data-passed] > summary').innerText(), /2 轮.*函告2号/)

    assert.equal(await page.locator('[data-late=handover]').count(), 1, 'rooms accepted in May are not late')
    const { rows } = await api('GET', 'estates-overdue')
    assert.deepEqual(rows.map((row) => [row.kind, row.due, row.rooms]), [['handover', '2026-08-01', 2]])

    await page.locator('[data-step=handover]').click()
    const form = page.locator('dialog form')
    assert.equal(await form.locator('[name=rooms]:checked').count(), 2)
    await form.locator('[name=owner]').fill('某街道办事处')
    await form.locator('[name=reason]').fill('移交协议 2026-3 号')
    await screen.accessible('the hand-over')
    await form.locator('button.primary').click()
    await page.locator('dialog').waitFor({ state: 'detached' })
    await until('the rooms to be in the ledger', async () => (await page.locator('[data-handover] .badge.good').count()) === 2)
    await screen.shot('estate-steps')

    await page.locator('[data-handover] a').first().click()
    await page.locator('.drawer').getByText('春和家园社区用房').first().waitFor()
    const { premises } = await api('GET', `premises?q=${encodeURIComponent('春和家园')}`)
    assert.deepEqual(premises.map((room) => [room.state, room.obtained_by, room.owner]), [
      ['handed_over', 'provision', '某街道办事处'],
      ['handed_over', 'provision', '某街道办事处'],
    ])
    screen.clean()
    await screen.close()
  })

  it('says on the phone who signed what, and lets nobody who only looks record anything', async () => {
    const screen = await Screen.open(browser, address('en'), phone, 'read-only')
    const { page } = screen
    const passed = page.locator('li[data-milestone=acceptance] [data-passed]')
    await passed.locator('> summary').click()
    assert.match(await passed.innerText(), /王某/)
    assert.equal(await page.locator('[data-step]').count(), 0)
    await screen.accessible('milestones on a phone')
    screen.clean()
    await screen.close()
  })

  it('sets who gives opinions, and lists what is overdue', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates/duties?lang=zh`, low)
    const { page } = screen
    await page.locator('[data-duty="0"]').waitFor()
    assert.equal(await page.locator('[data-duty]').count(), 15)
    await page.locator('[data-duty="0"] [name=series]').fill('津西民意〔2026〕')
    await page.locator('[name=reason]').fill('三定规定')
    await page.locator('form button.primary').click()
    await page.locator('[data-duty="0"] [aria-invalid=true]').waitFor()
    await page.locator('[data-duty="0"] [name=series]').fill('津西民意')
    await page.locator('form button.primary').click()
    await page.getByText('已保存。').waitFor()
    await screen.accessible('duties')
    await page.goto(`${server.url}/overdue?lang=zh`)
    await page.locator('[data-overdue-estates]', { hasText: '新建小区没有逾期的意见、整改、条件和移交。' }).waitFor()
    screen.forgive(/422/)
    screen.clean()
    await screen.close()
  })
})
