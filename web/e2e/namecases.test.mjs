// The procedure of place names in a real browser against the real server: a road from the
// application to its sign, taken by five people of different rights, and an estate on which
// the housing department decides. Papers of each step are uploaded where the step asks for them.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, low, phone, Screen, until } from './screen.mjs'
import { missing, session, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const PDF = Buffer.from('%PDF-1.4\n%%EOF')

describe('the procedure of place names', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function api(method, path, body, headers = {}) {
    const answer = await fetch(`${server.url}/api/v1/${path}`, {
      method,
      headers: { cookie: await session(server.url, 'place-name-registrar'), 'Content-Type': 'application/json', Origin: server.url, ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }

  /** Begins a case in the form, and gives its page. */
  async function begin(text, kind, applicant) {
    const screen = await Screen.open(browser, `${server.url}/names/desk?lang=zh`, low, 'place-name-registrar')
    const { page } = screen
    await page.locator('[data-desk=begin]').click()
    const form = page.locator('form')
    await form.locator('[name=text]').fill(text)
    await form.locator('[name=kind]').selectOption(kind)
    await form.locator('[name=division]').selectOption({ index: 2 })
    await form.locator('[name=from]').fill('东一路')
    await form.locator('[name=to]').fill('西一路')
    const size = kind === 'road' ? 'length' : 'site'
    await form.locator(`[name=${size}]`).fill('860')
    await form.locator('[name=applicant]').fill(applicant)
    await form.locator('[name=reason]').fill('新建，请予命名')
    await screen.accessible('the form of a new case')
    await form.locator('[data-begin]').click()
    await page.locator('[data-case-head]').waitFor()
    return screen
  }

  const stateOf = (page, step) => page.locator(`li[data-step=${step}]`).getAttribute('data-state')

  /** Brings what a step needs and takes it, as whoever is at the page. */
  async function take(page, step, fill = async () => {}) {
    const form = page.locator(`form[data-form=${step}]`)
    await form.waitFor()
    for (;;) {
      const absent = form.locator('[data-material][data-there=false]').first()
      if ((await absent.count()) === 0) break
      const material = await absent.getAttribute('data-material')
      await absent.locator('input[type=file]').setInputFiles({ name: `${material}.pdf`, mimeType: 'application/pdf', buffer: PDF })
      await form.locator(`[data-material=${material}][data-there=true]`).waitFor()
    }
    await fill(form)
    await form.locator(`[data-take=${step}]`).click()
    await until(`${step} to be taken`, async () => (await stateOf(page, step)) === 'done')
  }

  /** Opens a case as somebody else, takes steps, and leaves. */
  async function as(who, id, options, run) {
    const screen = await Screen.open(browser, `${server.url}/names/case?id=${id}&lang=zh`, options, who)
    await screen.page.locator('[data-case-head]').waitFor()
    await run(screen.page, screen)
    screen.clean()
    await screen.close()
  }

  it('goes from the application to the sign through five people', async () => {
    const screen = await begin('清源大道', 'road', '示例建设单位')
    const { page } = screen
    const id = screen.params().get('id')
    await take(page, 'application')
    await page.locator('#case-check-tab').click()
    const kept = page.locator('[data-kept-at=application]')
    await kept.locator('summary').click()
    assert.match(await kept.innerText(), /清源大道[^]*NAM-/, 'no check was kept of the application')
    await page.locator('[data-check=清源大道]').waitFor()
    await screen.accessible('the checks of a case')
    await page.locator('#case-steps-tab').click()
    await take(page, 'acceptance')
    await screen.accessible('a case that is accepted')
    await take(page, 'survey')
    await take(page, 'assessment')
    assert.equal(await page.locator('form[data-form=experts]').count(), 1, 'the registrar may set the review aside')
    assert.equal(await page.locator('form[data-form=experts] [data-deed=done]').count(), 0)

    await as('expert', id, low, async (page) => {
      assert.equal(await page.locator('form[data-form]').count(), 1, 'an expert takes another step')
      await take(page, 'experts')
    })
    await page.reload()
    await take(page, 'consultation')
    assert.equal(await page.locator('form[data-form=approval]').count(), 0, 'a step was skipped')

    await as('committee-member', id, phone, async (page, screen) => {
      await screen.accessible('a case on the phone')
      await take(page, 'deliberation')
    })
    await as('approver', id, low, async (page) => {
      await take(page, 'approval', async (form) => {
        await form.locator('[data-forbidding="0"]').waitFor()
        await form.locator('[name=document]').fill('示例函〔2026〕7号')
        await form.locator('[name=title]').fill('关于清源大道命名的批复')
      })
      assert.equal(await page.locator('[data-clock=filing]').count(), 1, 'no clock of the filing')
    })
    const name = await api('GET', `name-cases/${id}`)
    assert.equal(name.name_state, 'approved')

    await page.reload()
    for (const step of ['announcement', 'filing', 'sign']) await take(page, step)
    await page.locator('[data-ending=completed]').waitFor()
    await page.locator('#case-record-tab').click()
    await page.locator('[data-event=done]').nth(10).waitFor()
    await screen.accessible('the record of a case')
    screen.clean()
    await screen.close()
  })

  it('gives an opinion, and the housing department decides', async () => {
    await api('PUT', 'name-procedures', { preset: 'national', offices: { housing_department: '区委社会工作部' }, reason: '本地机关名称' }, { 'If-Match': '"0"' })
    const screen = await begin('和顺家园', 'estate', '区住建部门')
    const { page } = screen
    const id = screen.params().get('id')
    await take(page, 'letter')
    await take(page, 'checks')
    await take(page, 'reply', async (form) => {
      await form.locator('[name=verdict][value=change]').check()
      await form.locator('[name=document]').fill('示例复〔2026〕3号')
      await form.locator('[name=reason]').fill('建议核实通名')
    })
    await as('consulted-department', id, low, async (page) => {
      await take(page, 'approval', async (form) => form.locator('[name=document]').fill('示例住建〔2026〕9号'))
      await take(page, 'filing')
    })
    await page.reload()
    await take(page, 'announcement')
    await page.locator('[data-ending=completed]').waitFor()
    assert.equal((await api('GET', `name-cases/${id}`)).name_state, 'approved')
    screen.clean()
    await screen.close()
  })

  it('asks for corrections, and shows what is next on the desk', async () => {
    const screen = await begin('补正路', 'road', '示例建设单位')
    const { page } = screen
    await take(page, 'application')
    const form = page.locator('form[data-form=acceptance]')
    await form.locator('[data-deed=returned]').click()
    await form.locator('[name=missing][value=application]').check()
    await form.locator('[name=reason]').fill('没有盖章')
    await form.locator('[data-take=acceptance]').click()
    await page.locator('[data-pending]').waitFor()
    await screen.accessible('a case that waits for corrections')
    await page.goto(`${server.url}/names/desk?lang=zh`)
    const item = page.locator('[data-group] [data-case]').filter({ hasText: '补正路' })
    await item.waitFor()
    assert.match(await item.innerText(), /收补正/)
    await screen.accessible('the desk')
    screen.clean()
    await screen.close()
  })

  it('enters a notice of holidays, and another preset', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/procedures?tab=calendar&lang=zh`, desk, 'place-name-registrar')
    const { page } = screen
    await page.locator('[data-add-year]').click()
    await page.locator('[name=source]').fill('示例通知')
    const year = await page.locator('[name=year]').inputValue()
    await page.locator('[name=off]').fill(`${year}-10-01 至 ${year}-10-03`)
    await page.locator('[name=reason]').fill('录入')
    await page.locator('form button.primary').click()
    await page.locator('[data-covered=true]').waitFor()
    await screen.accessible('the calendar')
    await page.goto(`${server.url}/names/procedures?lang=zh`)
    await page.locator('[name=preset]').selectOption('xixian')
    await page.locator('[name=reason]').fill('按新区做法')
    await page.locator('[data-save]').click()
    await until('the preset to be kept', async () => (await api('GET', 'name-procedures')).local.preset === 'xixian')
    await screen.accessible('the procedure')
    screen.clean()
    await screen.close()
  })
})
