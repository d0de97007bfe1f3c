// What is said of a proposed place name, in a real browser against the real server: the public
// page on a telephone, from a comment to the answer that its receipt shows, and the opinion of an
// expert who reads nothing of the others before.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen } from './screen.mjs'
import { missing, session, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('what is said of a place name', { skip: reason || false }, () => {
  let server, browser, open

  before(async () => {
    server = await start({ records: true })
    browser = await launch()
    const { cases } = await api('place-name-registrar', 'GET', 'name-meetings')
    assert.ok(cases.length > 0, 'the demonstration has open cases')
    for (const each of cases) {
      const panel = await api('place-name-registrar', 'GET', `name-cases/${each.case_id}/panel`)
      if (panel.notices.some((notice) => notice.state === 'open')) open = panel
    }
    assert.ok(open, 'the demonstration has an open notice')
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function api(as, method, path, body) {
    const answer = await fetch(`${server.url}/api/v1/${path}`, {
      method,
      headers: { cookie: await session(server.url, as), 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), Origin: server.url },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }

  it('takes a comment on a telephone without sign-in or script, and shows what became of it', async () => {
    const notice = open.notices.find((each) => each.state === 'open')
    const screen = await Screen.open(browser, `${server.url}/notices`, { ...phone, javaScriptEnabled: true }, '')
    const { page } = screen
    await screen.accessible('the list of notices')
    await page.locator(`a[href="/notices/${notice.number}"]`).click()
    await page.locator('form[method=post]').waitFor()
    await screen.accessible('a notice')
    const size = await page.evaluate(() => ({ font: getComputedStyle(document.body).fontSize, wide: document.documentElement.scrollWidth }))
    assert.deepEqual(size, { font: '20px', wide: 390 }, 'large letters, and nothing runs off the screen')
    assert.ok((await page.content()).length < 14 * 1024)
    assert.equal(await page.locator('script').count(), 0)
    await page.locator('[name=position][value=object]').check()
    await page.locator('[name=grounds][value=hard]').check()
    await page.locator('[name=text]').fill('<script>alert(1)</script> 读音有歧义')
    await page.locator('[name=person_name]').fill('王小明')
    await page.locator('[name=contact]').fill('13812345678')
    await page.locator('form[method=post] button').click()
    const receipt = (await page.locator('.code').textContent()).trim()
    assert.match(receipt, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/)
    await screen.accessible('a receipt')
    assert.equal((await page.context().cookies()).length, 0, 'no cookie')

    const bureau = await Screen.open(browser, `${server.url}/names/review?case=${open.case.case_id}&part=comments&lang=zh`, desk, 'place-name-registrar')
    const said = bureau.page.locator('[data-comment=object]', { hasText: '读音有歧义' })
    await said.waitFor()
    assert.match(await said.textContent(), /王\*\*.*138\*\*\*\*5678/)
    await bureau.accessible('comments at the desk')
    await said.locator('[data-answer]').click()
    await said.locator('[name=reason]').fill('将在公告中注明读音。')
    await said.locator('input[value=partly]').check()
    await said.locator('button.primary').click()
    await said.locator('.badge', { hasText: '部分采纳' }).waitFor()
    bureau.clean()
    await bureau.close()

    await page.goto(`${server.url}/notices`)
    await page.locator('#code').fill(receipt.replaceAll('-', '').toLowerCase())
    await page.locator('form[method=get] button').click()
    await page.getByText('将在公告中注明读音。').waitFor()
    assert.ok(!(await page.content()).includes('13812345678'))
    screen.clean()
    await screen.close()
  })

  it('takes an opinion of an expert, who sees the others only then', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/review?lang=zh`, desk, 'expert')
    const { page } = screen
    await page.locator(`[data-work="${open.case.number}"]`).click()
    await page.locator('form[data-opinion]').waitFor()
    await screen.accessible('an expert’s page')
    assert.equal(await page.locator('[data-review]').count(), 0, 'nothing of others')
    const criteria = await page.locator('.score').count()
    for (let i = 0; i < criteria; i++) await page.locator('.score').nth(i).locator('input').nth(3).check()
    await page.locator('[data-verdict=change]').check()
    await page.locator('form[data-opinion] button.primary').click()
    assert.ok(await page.locator('form[data-opinion] .error').first().isVisible(), 'a change needs words')
    await page.locator('form[data-opinion] [name=text]').fill('建议注明读音。')
    await page.locator('form[data-opinion] button.primary').click()
    await page.locator('[data-given]').waitFor()
    await page.locator('[data-review]').first().waitFor()
    assert.ok((await page.locator('[data-review]').count()) > 1, 'now the others who were asked are seen')
    screen.clean()
    await screen.close()
  })

  it('shows a department only what its own office was asked', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/review?lang=en`, phone, 'consulted-department')
    const { page } = screen
    await page.locator('[data-work]').first().click()
    await page.locator('form[data-reply]').waitFor()
    assert.equal(await page.locator('form[data-reply]').count(), 1)
    await screen.accessible('a department’s page')
    await page.locator('[data-verdict=agree]').check()
    await page.locator('form[data-reply] button.primary').click()
    await page.locator('[data-given]').waitFor()
    screen.clean()
    await screen.close()
  })
})
