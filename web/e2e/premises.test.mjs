// The ledger of public premises and the table of communities in a real browser against
// the real server: at the desk in Chinese and on the phone in English.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const WHY = '移交协议 2026-15 号'
const DAY_MS = 86_400_000

const CHINA_MS = 8 * 3_600_000

/** A day from today on, as the office's calendar has it. */
const dayIn = (days) => new Date(Date.now() + CHINA_MS + days * DAY_MS).toISOString().slice(0, 10)

/** The bytes of what a link gives to keep. */
async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator(link).click()])
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
}

const isZip = (bytes) => bytes.subarray(0, 2).toString() === 'PK'

describe('public premises and the table of communities', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('the ledger of an office that has none yet says what it is for', async () => {
    const screen = await Screen.open(browser, `${server.url}/premises?lang=zh`, low)
    await screen.page.locator('.empty').waitFor()
    assert.equal(await screen.page.locator('[data-figure=misused]').innerText(), '0')
    await screen.accessible('an empty ledger')
    screen.clean()
    await screen.close()
  })

  it('a room is registered, split within its area, found misused, followed up and put right', async () => {
    const screen = await Screen.open(browser, `${server.url}/premises?lang=zh`, low)
    const { page } = screen
    await register(page)
    await misuse(page)
    await putRight(page)
    await screen.accessible('the ledger with a room open')
    await screen.shot('premises-room')
    screen.clean()
    await screen.close()
  })

  /** Registers a room of 420.m², which may not be split into 500 m². */
  async function register(page) {
    await page.getByRole('button', { name: '登记用房', exact: true }).click()
    const form = page.locator('dialog form')
    for (const [name, value] of [['name', '枣园社区用房'], ['building', '3 号楼'], ['floor', '1 层'], ['owner', '区民政局'], ['area_m2', '420'], ['key_holder', '居委会'], ['key_contact', '13800000000']]) {
      await form.locator(`[name=${name}]`).fill(value)
    }
    await community(form.locator('[name=division_code]'))
    await form.locator('[name=approved_use]').selectOption('community_service')
    await form.locator('[name=present_use]').selectOption('community_service')
    await form.locator('[name=state]').selectOption('handed_over')
    await form.locator('[name=handed_over_on]').fill('2025-06-01')
    await part(form, 0, 'community_service', '300')
    assert.match(await form.locator('[data-remaining]').innerText(), /120 /)
    await part(form, 1, 'elderly_service', '200')
    assert.match(await form.locator('[data-remaining]').innerText(), /80 /)
    assert.equal(await form.locator('[data-remaining].bad').count(), 1, 'a split beyond the area is not marked')
    await form.locator('[name=reason]').fill(WHY)
    await form.locator('button.primary').click()
    await form.locator('table input[aria-invalid=true]:focus').waitFor() // it leads to what is wrong
    assert.equal(await page.locator('tr[data-room]').count(), 0, 'a split beyond the area was kept')
    await form.locator('table tbody tr').nth(1).locator('input').fill('120')
    await form.locator('button.primary').click()
    await page.locator('.drawer dl').first().waitFor()
    await page.locator('tr[data-room]').waitFor()
    await until('the sums to hold the room', async () => /^420\sm²$/.test(await page.locator('[data-figure=area]').innerText()))
  }

  async function community(select) {
    await until('the communities to choose from', async () => (await select.locator('optgroup option').count()) > 1)
    const options = select.locator('option')
    await select.selectOption(await options.nth((await options.count()) - 1).getAttribute('value'))
  }

  async function part(form, index, use, size) {
    await form.locator('.foot button').click()
    const row = form.locator('table tbody tr').nth(index)
    await row.locator('select').first().selectOption(use)
    await row.locator('input').fill(size)
  }

  /** An inspection finds a shop; the ledger says so first, and until when it has to go. */
  async function misuse(page) {
    const dialog = await inspect(page, 'commercial')
    await dialog.locator('button.primary').click()
    await dialog.locator('.error').first().waitFor()
    await dialog.locator('[name=deadline]').fill(dayIn(14))
    await dialog.locator('button.primary').click()
    await page.locator('.drawer .alert').waitFor()
    await until('the ledger to count it', async () => (await page.locator('[data-figure=misused]').innerText()) === '1')
    await page.locator('[data-misuse] li').waitFor()
    assert.match(await page.locator('[data-misuse]').innerText(), new RegExp(`枣园社区用房[\\s\\S]*${dayIn(14)}`))
    await page.locator('.drawer .alert button').click()
    const follow = page.locator('dialog form')
    await follow.locator('[name=reported_on]').fill(dayIn(0))
    await follow.locator('[name=reason]').fill('街道办来函')
    await follow.locator('button.primary').click()
    await follow.waitFor({ state: 'detached' })
  }

  async function inspect(page, use) {
    await page.locator('.drawer .verbs button.primary').click()
    const dialog = page.locator('dialog form')
    await dialog.locator('[name=by]').fill('民政所')
    await dialog.locator('[name=use_found]').selectOption(use)
    return dialog
  }

  /** Only a look at the room closes it. */
  async function putRight(page) {
    const dialog = await inspect(page, 'community_service')
    await dialog.locator('button.primary').click()
    await page.locator('.drawer .alert').waitFor({ state: 'detached' })
    await until('the ledger to count it out', async () => (await page.locator('[data-figure=misused]').innerText()) === '0')
    await until('both inspections', async () => (await page.locator('[data-verdict]').count()) === 2)
  }

  it('the ledger is given as files, and hides the contact of the key-holder from who may not change it', async () => {
    const planner = await Screen.open(browser, `${server.url}/premises?lang=zh&tab=summary`, low)
    await planner.page.locator('a[href*="premises.xlsx"]').waitFor()
    const csv = await download(planner.page, 'a[href*="premises.csv"]')
    assert.match(csv.bytes.toString(), /枣园社区用房/)
    assert.match(csv.bytes.toString(), /13800000000/)
    assert.ok(isZip((await download(planner.page, 'a[href*="premises.xlsx"]')).bytes))
    await planner.accessible('the sums of the ledger')
    planner.clean()
    await planner.close()
    const reader = await Screen.open(browser, `${server.url}/premises?lang=en`, phone, 'read-only')
    await reader.page.locator('tr[data-room] button').click()
    await reader.page.locator('.drawer dl').first().waitFor()
    assert.doesNotMatch(await reader.page.locator('.drawer').innerText(), /13800000000/)
    assert.equal(await reader.page.locator('.drawer .verbs button.primary').count(), 0)
    await reader.accessible('a room on the phone')
    await reader.shot('premises-phone')
    reader.clean()
    await reader.close()
  })

  it('a list of rooms is tried, taken, found unchanged and told what is wrong with it', async () => {
    const screen = await Screen.open(browser, `${server.url}/premises?lang=zh`, low)
    const { page } = screen
    const head = '台账编号,名称,辖区编码,批准用途,建筑面积（㎡）,移交状态,移交日期\r\n'
    const { communities } = await (await (await server.as('planner'))('/api/v1/premises-summary')).json()
    const row = (no, area, state) => `GJ-${no},普查用房 ${no},${communities[0].code},社区服务,${area},${state},2025-01-0${no}\r\n`
    const bring = (name, text) => page.locator('dialog input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
    const count = (key) => page.locator(`dialog [data-count=${key}] dd`).innerText()
    await page.getByRole('button', { name: '导入', exact: true }).click()
    await bring('bad.csv', head + row(1, '约百', '已移交') + row(2, '80', '交了'))
    await until('both faults', async () => (await page.locator('dialog [data-fault]').count()) === 2)
    assert.match(await page.locator('dialog').innerText(), /第 2 行[\s\S]*建筑面积[\s\S]*约百/)
    assert.equal(await page.locator('dialog [name=reason]').count(), 0, 'a list with faults could be taken')
    await screen.accessible('the faults of a list')
    const good = head + row(1, '100', '已移交') + row(2, '80', '已移交')
    await bring('good.csv', good)
    await page.locator('dialog [name=reason]').fill('2026 年公建普查')
    assert.equal(await count('created'), '2')
    await page.locator('dialog button.primary').click()
    await page.locator('dialog [data-taken=true]').waitFor()
    await page.locator('dialog button.primary').click()
    await page.locator('tr[data-room]', { hasText: 'GJ-2' }).waitFor()
    await page.getByRole('button', { name: '导入', exact: true }).click()
    await bring('good.csv', good)
    await until('that nothing would change', async () => (await count('unchanged')) === '2')
    await page.keyboard.press('Escape')
    await page.locator('tr[data-room] button', { hasText: '普查用房 1' }).click()
    await page.locator('.drawer input[type=file]').setInputFiles({ name: '移交协议.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') })
    await until('the document', async () => (await page.locator('.drawer').innerText()).includes('移交协议.pdf'))
    await screen.accessible('a room with a document')
    await screen.shot('premises-import')
    screen.clean()
    await screen.close()
  })

  it('a gap of the table leads to the community on the map, and the table is given as a file', async () => {
    const screen = await Screen.open(browser, `${server.url}/matrix?lang=zh`, low)
    const { page } = screen
    const gap = page.locator('td.asked[data-state=none] button').first()
    await gap.waitFor()
    assert.equal(await gap.innerText(), '无')
    await screen.accessible('the table')
    const file = await download(page, 'a[href*="community-matrix.xlsx"]')
    assert.ok(isZip(file.bytes))
    assert.match(file.name, /\.xlsx$/)
    const community = await page.locator('tr[data-community]', { has: page.locator('td.asked[data-state=none]') }).first().getAttribute('data-community')
    await gap.click()
    await page.locator('[data-place-on-map]').click()
    await screen.settled()
    assert.equal(new URL(page.url()).pathname, '/')
    assert.equal(screen.params().get('sel'), `division/${community}`)
    await screen.shot('matrix-to-map')
    screen.clean()
    await screen.close()
  })

  it('the table is read on the phone in English', async () => {
    const screen = await Screen.open(browser, `${server.url}/matrix?lang=en&gaps=1`, phone, 'read-only')
    await screen.page.locator('tr[data-community][data-gap]').first().waitFor()
    await screen.accessible('the table on the phone')
    await screen.shot('matrix-phone')
    screen.clean()
    await screen.close()
  })
})
