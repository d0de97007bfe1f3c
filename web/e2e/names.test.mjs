// The gazetteer in a real browser against the real server: from an empty list over the form's
// faults to a record, its change, its history and its end; the plan of names, and the map.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const AS = 'place-name-registrar'
const NAME = '𬭚东大道'
const WHY = '2018 年地名普查成果'

describe('place names', { skip: reason || false }, () => {
  let server, browser, id, middle

  before(async () => {
    server = await start()
    browser = await launch()
    const district = await (await (await server.as(AS))('/api/v1/district')).json()
    const [west, south, east, north] = district.bounds
    middle = [(west + east) / 2, (south + north) / 2]
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  /** What the API says of the name. */
  async function record(of = id) {
    return (await (await server.as(AS))(`/api/v1/place-names/${of}`)).json()
  }

  it('an empty gazetteer leads to the form, which says what is wrong in its place', async () => {
    const screen = await Screen.open(browser, `${server.url}/names?lang=zh`, low, AS)
    const { page } = screen
    await page.locator('[data-empty]').waitFor()
    await screen.accessible('an empty gazetteer')
    await page.locator('[data-name=new]').click()
    const form = page.locator('form.record')
    await form.waitFor()
    await form.locator('button.primary').click()
    await form.locator('[name=text][aria-invalid=true]:focus').waitFor()
    for (const name of ['kind', 'decision_title', 'division_code', 'reason']) assert.equal(await form.locator(`[name=${name}][aria-invalid=true]`).count(), 1, `${name} is not at fault`)
    await screen.accessible('the form with its faults')
    await page.locator('button.link.up').click()
    await page.locator('[data-empty]').waitFor()
    screen.clean()
    await screen.close()
  })

  it('an existing name is entered with its line, its length and its document', async () => {
    const screen = await Screen.open(browser, `${server.url}/names?lang=zh&edit=1`, desk, AS)
    const { page } = screen
    const form = page.locator('form.record')
    await form.locator('[name=text]').fill(NAME)
    await form.locator('select[name=kind]').selectOption('road')
    await until('the parts', async () => (await form.locator('[name=split] option:checked').innerText()) === '𬭚东·大道')
    await form.locator('[name=decision_title]').fill('第二次全国地名普查')
    await form.locator('details.typed summary').click()
    const line = [[-0.002, 0], [0.002, 0.0004]].map(([x, y]) => `${middle[0] + x}, ${middle[1] + y}`).join('\n')
    await form.locator('details.typed textarea').fill(line)
    await form.locator('details.typed button').click()
    await form.locator('[data-take-size]').click()
    assert.ok(Number(await form.locator('[name=length_m]').inputValue()) > 300)
    await form.locator('[name=meaning]').fill('𬭚为古乐器名。')
    await form.locator('[data-add=alias]').click()
    await page.locator('[name=alias_text]:focus').waitFor()
    await page.keyboard.type('东大街')
    await form.locator('[name=reason]').fill(WHY)
    await screen.accessible('the form')
    await form.locator('button.primary').last().click()
    await page.locator('[data-name-text]', { hasText: NAME }).waitFor()
    id = screen.params().get('name')
    const kept = await record()
    assert.deepEqual([kept.state, kept.geometry.type, kept.aliases[0].text, kept.specific, kept.generic], ['customary', 'LineString', '东大街', '𬭚东', '大道'])
    assert.ok(kept.divisions.length > 0, 'the line does not say in which division it lies')
    await screen.accessible('a record')
    await screen.shot('names-record')
    screen.clean()
    await screen.close()
  })

  it('a change stands in the history, and the record as of a day before it', async () => {
    const screen = await Screen.open(browser, `${server.url}/names?lang=zh&name=${id}`, low, AS)
    const { page } = screen
    await page.locator('[data-name=edit]').click()
    const form = page.locator('form.record')
    await form.locator('[name=origin]').fill('因古乐器得名。')
    await form.locator('[name=reason]').fill('补来历')
    await form.locator('.bottom button.primary').click()
    await page.locator('[data-name-text]').waitFor()
    assert.equal((await record()).version, 2)
    await page.locator('#name-history-tab').click()
    const first = page.locator('.timeline > li').first()
    await first.getByText('因古乐器得名。').waitFor()
    await screen.accessible('the history')
    await page.locator('.timeline > li').nth(1).waitFor()
    await page.evaluate(() => history.replaceState(null, '', `${location.pathname}${location.search.replace('tab=history', '')}&at=2100-01-01`))
    await page.reload()
    await page.locator('.told', { hasText: '2100-01-01' }).waitFor()
    assert.equal(await page.locator('[data-name=edit]').count(), 0, 'the past may be changed')
    screen.clean()
    await screen.close()
  })

  it('two people change one name: both keep what only they changed', async () => {
    const screen = await Screen.open(browser, `${server.url}/names?lang=zh&name=${id}&edit=1`, low, AS)
    const { page } = screen
    const form = page.locator('form.record')
    await form.locator('[name=note]').fill('我的备注')
    const { version } = await record()
    const other = await (await server.as(AS))(`/api/v1/place-names/${id}`, { method: 'PATCH', headers: { 'content-type': 'application/json', 'if-match': `"${version}"` }, body: JSON.stringify({ meaning: '他人所写', reason: '核对' }) })
    assert.equal(other.status, 200)
    await form.locator('[name=reason]').fill('补备注')
    await form.locator('.bottom button.primary').click()
    await page.getByText('别人先保存了这条地名').waitFor()
    screen.forgive(/412/)
    await page.locator('form.section button.primary').click()
    await form.locator('.bottom button.primary').click()
    await page.locator('[data-name-text]').waitFor()
    assert.deepEqual([(await record()).meaning, (await record()).note], ['他人所写', '我的备注'])
    screen.clean()
    await screen.close()
  })

  it('the list is narrowed by letter, state and text, and read on the phone in English', async () => {
    await post('/api/v1/place-names', { text: '中华人民共和国成立七十周年纪念林区域内中央绿化广场北侧大道', kind: 'road', state: 'proposed', divisions: (await record()).divisions, reason: WHY })
    const screen = await Screen.open(browser, `${server.url}/names?lang=en`, phone, 'read-only')
    const { page } = screen
    await page.locator(`tr[data-name-row="${id}"]`).waitFor()
    assert.equal(await page.locator('[data-name=new]').count(), 0, 'who may not write is offered a form')
    await screen.accessible('the gazetteer on the phone')
    await screen.shot('names-phone')
    await page.locator('.segments [data-segment=customary]').click()
    await until('one name', async () => (await page.locator('tr[data-name-row]').count()) === 1)
    assert.equal(screen.params().get('state'), 'customary')
    assert.match(await page.locator('.segments [data-segment=""], .segments [data-segment=all]').innerText(), /2/)
    await page.locator('.letters button', { hasText: /^Q$/ }).click()
    await page.getByText('No place name fits these conditions.').waitFor()
    await page.goBack()
    await page.locator(`tr[data-name-row="${id}"] button`).click()
    await page.locator('[data-name-text]', { hasText: NAME }).waitFor()
    await screen.accessible('a record on the phone')
    screen.clean()
    await screen.close()
  })

  async function post(path, body) {
    const answer = await (await server.as(AS))(path, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': `names-${path}-${JSON.stringify(body).length}` }, body: JSON.stringify(body) })
    assert.equal(answer.status, 201, await answer.clone().text())
    return answer.json()
  }

  it('a name of the map opens its record', async () => {
    const screen = await Screen.open(browser, `${server.url}/?lang=zh&v=15/${middle[1]}/${middle[0]}&sel=name/${id}`, low, AS)
    const { page } = screen
    await page.locator('.facts h2', { hasText: NAME }).waitFor()
    await page.locator('.legend label', { hasText: '地名' }).first().locator('input').check()
    await screen.settled()
    await page.locator('.legend li', { hasText: '在用未审定' }).waitFor()
    await page.locator('.facts a.plain', { hasText: '打开这条地名' }).click()
    await page.locator('[data-name-text]', { hasText: NAME }).waitFor()
    screen.clean()
    await screen.close()
  })

  it('a name is retired by its document, and nothing leads out of its end', async () => {
    const screen = await Screen.open(browser, `${server.url}/names?lang=zh&name=${id}`, low, AS)
    const { page } = screen
    await page.locator('[data-name=move]').click()
    const dialog = page.locator('dialog')
    await dialog.locator('[name=to]').selectOption('retired')
    await dialog.locator('button.danger').click()
    await dialog.locator('[name=decision_number][aria-invalid=true]').waitFor()
    await screen.accessible('the dialog of a move')
    for (const [name, value] of [['decision_number', '区政发〔2026〕9 号'], ['decision_body', '区人民政府'], ['decision_day', '2026-01-05'], ['reason', '路已拆除']]) await dialog.locator(`[name=${name}]`).fill(value)
    await dialog.locator('button.danger').click()
    await until('the server to refuse a day before the present version, or the name to be retired', async () => (await page.locator('[data-state=retired]').count()) > 0 || (await dialog.locator('[aria-invalid=true]').count()) > 0)
    if ((await page.locator('[data-state=retired]').count()) === 0) {
      screen.forgive(/422/)
      await dialog.locator('[name=decision_day]').fill(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10))
      await dialog.locator('button.danger').click()
    }
    await page.locator('header [data-state=retired]').waitFor()
    await until('no more states', async () => (await page.locator('[data-name=move]').count()) === 0)
    assert.equal((await record()).state, 'retired')
    screen.clean()
    await screen.close()
  })

  it('a plan reserves names, which are changed and given up', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/plan?lang=en`, phone, AS)
    const { page } = screen
    await page.locator('[data-empty]').waitFor()
    await page.locator('[data-planned=new]').click()
    const dialog = page.locator('dialog')
    await dialog.locator('button.primary').click()
    await dialog.locator('[name=text][aria-invalid=true]').waitFor()
    await screen.accessible('the dialog of a reserved name')
    await dialog.locator('[name=text]').fill('承德路')
    await dialog.locator('select[name=kind]').selectOption('road')
    const select = dialog.locator('[name=division_code]')
    await select.selectOption(await select.locator('optgroup option').first().getAttribute('value'))
    await dialog.locator('[name=plan]').fill('东部片区地名规划')
    await dialog.locator('[name=reason]').fill(WHY)
    await dialog.locator('button.primary').click()
    const row = page.locator('tr[data-planned-row]')
    await row.waitFor()
    assert.equal(await row.getAttribute('data-status'), 'free')
    await screen.accessible('the plan of names')
    await row.locator('th button').click()
    await dialog.locator('[name=until]').fill('2024-01-01')
    await dialog.locator('[name=reason]').fill('期满')
    await dialog.locator('button.primary').click()
    await page.locator('tr[data-status=lapsed]').waitFor()
    await row.getByRole('button', { name: 'Give it up' }).click()
    await dialog.locator('textarea').fill('不再需要')
    await dialog.locator('button.danger').click()
    await page.locator('[data-empty]').waitFor()
    screen.clean()
    await screen.close()
  })
})
