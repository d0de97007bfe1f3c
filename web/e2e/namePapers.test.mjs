// The documents of a case of place names in a real browser against the real server: a series of
// numbers is set, a paper is kept with the next number and what nobody recorded, its signed copy
// is brought back, and the step that asked for it goes on.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, session, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const PDF = { name: '受理通知书.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') }

describe('documents of place names', { skip: reason || false }, () => {
  let server, browser, id

  before(async () => {
    server = await start()
    browser = await launch()
    id = await begun()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function api(method, path, body, headers = {}) {
    const answer = await fetch(`${server.url}/api/v1/${path}`, {
      method,
      headers: { cookie: await session(server.url, 'place-name-registrar'), Origin: server.url, 'Idempotency-Key': crypto.randomUUID(), ...(typeof body === 'string' || body instanceof FormData ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body ? { body: body instanceof FormData ? body : JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }

  /** A case whose application is handed in. */
  async function begun() {
    const { communities } = await api('GET', 'premises-summary')
    const name = await api('POST', 'place-names', {
      text: '澜文路', kind: 'road', state: 'draft', divisions: [communities[0].code], extent: { from: '东起甲路', to: '西至乙路' }, size: { length_m: 800 }, reason: '登记',
    })
    const c = await api('POST', 'name-cases', { act: 'naming', name_id: name.id, applicant: { name: '示例建设单位' }, reason: '新建道路' })
    const form = new FormData()
    for (const [k, v] of Object.entries({ kind: 'document', subject: 'application', title: '申请书' })) form.set(k, v)
    form.set('file', new Blob([PDF.buffer]), '申请书.pdf')
    await api('POST', `name-cases/${c.id}/attachments`, form)
    await api('POST', `name-cases/${c.id}/events`, { kind: 'done', step: 'application', day: new Date().toISOString().slice(0, 10) }, { 'If-Match': `"${c.version}"` })
    return c.id
  }

  it('a series of numbers is set', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/papers?lang=zh`, desk, 'place-name-registrar')
    const { page } = screen
    await page.locator('[data-template=acceptance_notice]').waitFor()
    await screen.accessible('templates and numbers of papers')
    await page.locator('[data-numbers]').click()
    await page.locator('[data-add-series]').click()
    await page.locator('[name=prefix]').fill('清民地名')
    await page.locator('[name=year]').fill(String(new Date().getFullYear()))
    await page.locator('[name=first]').fill('12')
    await page.locator('input[value=acceptance_notice]').check()
    await screen.accessible('the form of numbers')
    await page.locator('textarea[name=reason]').fill('按本局编号')
    await page.locator('[data-save]').click()
    await until('the series', async () => (await page.locator('[data-series] li').innerText()).includes('清民地名'))
    await screen.close()
  })

  it('a paper is kept with its number, its signed copy comes back, and the step has it', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/case?id=${id}&lang=zh`, desk, 'place-name-registrar')
    const { page } = screen
    const paper = page.locator('li[data-step=acceptance] [data-paper=acceptance_notice]')
    await paper.locator('[data-keep]').click()
    const form = page.locator('[data-keep-paper]')
    await form.locator('[data-fill="罗马字母拼写"]').fill('Lanwen Lu')
    await screen.accessible('a paper before it is kept')
    await form.locator('[data-keep-verb]').click()
    await until('the number', async () => (await paper.innerText()).includes(`清民地名〔${new Date().getFullYear()}〕12号`))
    await paper.locator('input[type=file]').setInputFiles(PDF)
    await until('the copy is there', async () => (await paper.getAttribute('data-signed')) === 'true')
    await until('the material is there', async () => (await page.locator('li[data-step=acceptance] [data-material=acceptance_notice]').getAttribute('data-there')) === 'true')
    await page.locator('[data-form=acceptance] button.primary').click()
    await until('the step is done', async () => (await page.locator('li[data-step=acceptance]').getAttribute('data-state')) === 'done')
    await screen.close()
  })

  it('a reader on the phone finds papers and the filing pack', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/case?id=${id}&tab=papers&lang=en`, phone, 'field-worker')
    const { page } = screen
    await page.locator('[data-pack=filing_form]').waitFor()
    assert.equal(await page.locator('[data-keep]').count(), 0)
    assert.equal(await page.locator('[data-pack=application]').getAttribute('data-state'), 'signed')
    await screen.accessible('papers of a case on the phone')
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-pack-file]').click()])
    assert.match(download.suggestedFilename(), /备案材料.*\.zip$/)
    await screen.close()
  })
})
