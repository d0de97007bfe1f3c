// A planner writes a local rule of new estates without any training: what is typed is read with
// its unit and held against the rules that are there, the draft changes nothing, the trial
// lists what it would turn in every estate, and only then it is adopted, with a reason. What
// changes meanwhile is said. A reader sees all of it and can change none.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('rules of new estates', { skip: reason || false }, () => {
  let server, browser, ask
  const json = async (path, init) => (await ask(path, init)).json()
  const post = (path, body, headers = {}) =>
    ask(path, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...headers }, body: JSON.stringify(body) })
  let district, community

  const estate = (name, area) => ({
    name, kind: 'new', division_code: community, households: 1000, people: 3100, reason: '登记',
    rooms: [{ name: '日间照料', use: 'elderly_service', area, land_share: 620, floor: '1' }],
  })

  before(async () => {
    server = await start()
    browser = await launch()
    ask = await server.as('planner')
    ;({ district } = await json('/api/v1/estate-rules'))
    const { divisions } = await json('/api/v1/coverage?type=elderly_canteen&limit=900&speed=0.9')
    community = divisions.find((each) => each.level === 'community').code
    for (const [name, area] of [['槐园', 300], ['柳园', 520]]) assert.equal((await post('/api/v1/estates', estate(name, area))).status, 201)
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('writes a rule, tries it on all estates and adopts it', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates/rules?lang=zh`, desk)
    const { page } = screen
    await page.locator('[data-law]').first().waitFor()
    await screen.accessible('the rules that apply')
    await screen.shot('estate-rules-laws')
    await page.locator('[data-tab=local]').click()
    await until('no rules yet', async () => /还没有新增规则/.test(await screen.text('.rules-page')))
    await page.locator('[data-add-rule]').click()

    await page.locator('[name=form]').selectOption('elderly_land')
    await page.locator('[name=applies]').selectOption('new')
    await page.locator('[name=severity]').selectOption('error')
    await page.locator('[name=value]').fill('20㎡/百户')
    await until('the unit to be refused', async () => /单位“㎡\/百户”不符/.test(await screen.text('form')))
    await page.locator('[name=value]').fill('200㎡/千人')
    await until('the unit to be read', async () => /读作 0\.2/.test(await screen.text('form')))
    await page.locator('[data-relation=stricter]').first().waitFor()
    await page.locator('[name=value]').fill('0.05')
    await page.locator('[data-relation=looser]').first().waitFor()

    await page.locator('[name=form]').selectOption('elderly_total')
    await page.locator('[name=value]').fill('400㎡')
    await page.locator('[name=doc-title]').fill('关于新建小区养老用房的通知')
    await page.locator('[name=doc-number]').fill('民发〔2026〕3号')
    await page.locator('[name=doc-day]').fill('2026-02-01')
    await page.locator('[name=sentence]').fill('每个新建小区养老用房不少于四百平方米。')
    await until('what it lacks', async () => /附上依据文件/.test(await screen.text('[data-preview]')))
    await screen.accessible('the form of a rule')
    await screen.shot('estate-rules-form')
    await page.locator('[data-save-rule]').click()
    assert.equal(await page.locator('[name=reason]').getAttribute('aria-invalid'), 'true', 'a reason is asked for')
    await page.locator('[name=reason]').fill('落实区政府通知')
    await page.locator('[data-save-rule]').click()
    await page.locator('[data-rule-state=draft]').waitFor()
    assert.ok(screen.params().get('rule'), 'the draft has an address')
    assert.equal(await page.locator('[data-adopt]').isDisabled(), true, 'it was neither tried nor read')
    const id = screen.params().get('rule')

    // Its document.
    await page.locator('input[type=file]').last().setInputFiles({ name: '通知.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') })
    await until('the document to be there', async () => (await page.locator('[data-lacks]').count()) === 0)

    await page.locator('[data-try]').click()
    await until('the trial', async () => /核查 2 个小区，2 个有差异/.test(await screen.text('[data-trial]')))
    assert.match(await screen.text('[data-differences]'), /槐园[\s\S]*无此要求[\s\S]*不通过 · 差 100㎡/)
    assert.match(await screen.text('[data-differences]'), /柳园[\s\S]*通过/)
    assert.match(await (await ask(`/api/v1/estate-rules/${id}/trial.csv?words=zh`)).text(), /槐园/)
    await screen.accessible('a trial')
    await screen.shot('estate-rules-trial')

    // Somebody enters another estate: the trial no longer stands.
    assert.equal((await post('/api/v1/estates', estate('榆园', 100))).status, 201)
    await page.locator('[data-adopt]').click()
    await page.locator('dialog textarea').fill('局长办公会议定')
    await page.locator('dialog button.primary').click()
    await page.locator('dialog [role=alert] .alert').waitFor()
    screen.forgive(/409/)
    await page.keyboard.press('Escape')
    await page.locator('[data-try]').click()
    await until('the trial of three', async () => /核查 3 个小区/.test(await screen.text('[data-trial]')))
    await page.locator('[data-adopt]').click()
    await page.locator('dialog textarea').fill('局长办公会议定')
    await screen.accessible('the dialog of adopting')
    await page.locator('dialog button.primary').click()
    await page.locator('[data-rule-state=adopted]').waitFor()
    await until('its history', async () => /局长办公会议定/.test(await screen.text('.rules-page')))
    await screen.shot('estate-rules-adopted')

    // It holds at once, on the estate's own check too.
    const { estates } = await json('/api/v1/estates?q=' + encodeURIComponent('槐园'))
    const { findings } = await json(`/api/v1/estates/${estates[0].id}/check`)
    const found = findings.find((each) => each.title_zh === '每个小区养老用房面积')
    assert.deepEqual([found.outcome, Math.round(found.missing)], ['fail', 100])
    await page.goto(`${server.url}/estates/rules?lang=zh&only=local`)
    await until('it among the rules', async () => /每个小区养老用房面积/.test(await screen.text('.rules-page')))
    assert.deepEqual(screen.faults, [])
  })

  it('revises it, declares that a rule does not hold, and shows a reader all on a phone', async () => {
    const { local } = await json('/api/v1/estate-rules')
    const screen = await Screen.open(browser, `${server.url}/estates/rules?lang=zh&tab=local&rule=${local[0].id}`, desk)
    const { page } = screen
    await page.locator('[data-revise]').click()
    await until('the values of the first', async () => (await page.locator('[name=value]').inputValue()) === '400')
    await page.locator('[name=value]').fill('450')
    await page.locator('[name=read-by]').fill('王工')
    await page.locator('[name=read-on]').fill('2026-02-03')
    await page.locator('[name=reason]').fill('提高标准')
    await page.locator('[data-save-rule]').click()
    await page.locator('[data-rule-state=draft]').waitFor()
    await page.locator('[data-try]').click()
    await until('the trial', async () => /核查 3 个小区/.test(await screen.text('[data-trial]')))
    await page.locator('[data-adopt]').click()
    await page.locator('dialog textarea').fill('提高标准')
    await page.locator('dialog button.primary').click()
    await page.locator('[data-rule-state=adopted]').waitFor()
    await page.goto(`${server.url}/estates/rules?lang=zh&tab=local`)
    await page.locator('[data-local][data-state=superseded]').waitFor()

    await page.goto(`${server.url}/estates/rules?lang=zh`)
    await page.locator('[data-law="RAT-11@"] [data-waive]').click()
    await until('the rule that is declared', async () => (await page.locator('[name=waives]').inputValue()) === 'RAT-11@')
    await screen.accessible('the form of a declaration')
    await page.locator('[name=doc-title]').fill('区政府复函')
    await page.locator('[name=doc-day]').fill('2026-03-01')
    await page.locator('[name=sentence]').fill('本区另行规定')
    await page.locator('[name=read-by]').fill('王工')
    await page.locator('[name=read-on]').fill('2026-03-02')
    await page.locator('[name=reason]').fill('复函')
    await page.locator('[data-save-rule]').click()
    await page.locator('[data-rule-state=draft]').waitFor()
    await page.locator('[data-try]').click()
    await until('the trial', async () => /声明不适用/.test(await screen.text('[data-differences]')))
    assert.deepEqual(screen.faults, [])

    const small = await Screen.open(browser, `${server.url}/estates/rules?lang=en&tab=local`, phone, 'read-only')
    await small.page.locator('[data-local]').first().waitFor()
    assert.equal(await small.page.locator('[data-add-rule]').count(), 0)
    await small.accessible('local rules on a phone')
    await small.shot('estate-rules-phone')
    await small.page.locator('[data-local] button.link').last().click()
    await small.page.locator('[data-rule-state]').waitFor()
    await until('the trial', async () => /estates checked/.test(await small.text('[data-trial]')))
    assert.equal(await small.page.locator('[data-adopt], [data-try]').count(), 0)
    assert.equal(await small.page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, 'nothing is wider than the phone')
    await small.accessible('a local rule on a phone')
    await small.shot('estate-rules-phone-record')
    await small.page.goto(`${server.url}/estates/rules?lang=en`)
    await small.page.locator('[data-law]').first().waitFor()
    await small.accessible('the rules on a phone')
    await small.shot('estate-rules-phone-laws')
    assert.deepEqual(small.faults, [])
  })
})
