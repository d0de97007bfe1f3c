// The survey of a place on a phone, in a real browser against the real server: a case is taken
// along, the signal goes, the page is killed and opened again, and what was entered is sent once;
// another visit is refused by the server and stays with the person.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { launch, pageAs, phone, Screen, until } from './screen.mjs'
import { missing, session, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const WHO = 'place-name-registrar'
const SHOTS = new URL('../test-results/', import.meta.url).pathname

describe('the survey of a place', { skip: reason || false }, () => {
  let server, browser, context, site, middle

  before(async () => {
    server = await start({ records: true })
    browser = await launch()
    const list = await until('the cases of the demonstration', async () => (await api('GET', 'name-survey')).cases.find((each) => each.act === 'renaming'))
    site = list
    const { center, bounds } = await api('GET', 'district')
    middle = center ?? [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function api(method, path, body, headers = {}) {
    const answer = await fetch(`${server.url}/api/v1/${path}`, {
      method,
      headers: { cookie: await session(server.url, WHO), 'Content-Type': 'application/json', Origin: server.url, ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }

  const faults = []
  /** The page as a phone opens it: a new one each time, in the same browser. */
  async function opened() {
    const page = context ? await context.newPage() : await pageAs(browser, server.url, { ...phone, locale: 'zh-CN', geolocation: { longitude: middle[0], latitude: middle[1], accuracy: 5 }, permissions: ['geolocation'] }, WHO)
    context ??= page.context()
    page.on('pageerror', (error) => faults.push(error.message))
    await page.goto(`${server.url}/names/survey?lang=zh`)
    await page.locator('[data-offline-state]').waitFor()
    return page
  }

  async function walk(page, metres) {
    await context.setGeolocation({ longitude: middle[0] + metres / 86_000, latitude: middle[1], accuracy: 5 })
    await page.waitForTimeout(50)
  }

  const row = (page) => page.locator(`[data-site="${site.number}"]`)

  it('goes on without a signal, survives a killed page, and is sent once', async () => {
    let page = await opened()
    await row(page).locator('[data-take]').click()
    await row(page).locator('[data-taken]').waitFor()
    await page.locator('[data-shell=ready]').waitFor()
    await clean(page, 'survey-list')

    await context.setOffline(true)
    await page.close()
    page = await opened()
    await row(page).locator('[data-begin]').click()
    await page.locator('[data-track=start]').click()
    await page.locator('[data-note-point]').click()
    await page.locator('form ol li').first().waitFor()
    for (let i = 1; i <= 6; i++) {
      await walk(page, 40 * i)
      await until(`fix ${i}`, async () => (await page.locator('[data-track-length]').textContent()).includes(`${i + 1} 点`))
    }
    await page.locator('[data-note-point]').click()
    await until('two points', async () => (await page.locator('form ol li').count()) === 2)
    await page.locator('[data-photo-input]').setInputFiles({ name: 'road.jpg', mimeType: 'image/jpeg', buffer: await picture(page) })
    await page.locator('.photos img').waitFor()
    await clean(page, 'survey-form')

    // A tab that is killed says nothing before it goes.
    await page.close({ runBeforeUnload: false })
    page = await opened()
    await row(page).locator('[data-draft=open] button.primary').click()
    assert.match(await page.locator('[data-track-length]').textContent(), /240 米，7 点/)
    assert.equal(await page.locator('form ol li').count(), 3) // the photo has its place, too
    await page.locator('.photos img').waitFor()
    await page.locator('button', { hasText: '按轨迹填入' }).click()
    assert.equal(await page.locator('[data-size=length]').inputValue(), '240')
    await page.locator('[data-agreement]').selectOption('agrees')
    await page.locator('[data-save]').click()
    await page.locator('[data-waiting="2"]').waitFor()
    await page.close()
    page = await opened()
    await page.locator('[data-waiting="2"]').waitFor()
    assert.equal((await visits()).length, 0)

    await context.setOffline(false)
    await until('everything to be sent', async () => (await page.locator('[data-waiting]').count()) === 0)
    await until('the draft to go', async () => (await row(page).locator('[data-draft]').count()) === 0)
    await page.reload()
    await page.locator('[data-shell=ready]').waitFor()
    const [visit, ...more] = await visits()
    assert.equal(more.length, 0, 'it was sent twice')
    assert.deepEqual([visit.photos, visit.counts, visit.findings.length_m, visit.findings.direction, visit.points.length], [1, true, 240, 'east_west', 3])
    assert.ok(Math.abs(visit.walked_m - 240) < 5 && Math.abs(visit.along_m - 240) < 5, `${visit.walked_m} ${visit.along_m}`)
    const { attachments } = await api('GET', `name-visits/${visit.id}/attachments`)
    assert.deepEqual(attachments.map((each) => [each.width, each.height, each.kind]), [[2000, 1000, 'photo']])
    await page.close()
    assert.deepEqual(faults, [])
  })

  it('shows what the server refused and drops nothing unasked', async () => {
    let page = await opened()
    await context.setOffline(true)
    await row(page).locator('[data-begin]').click()
    await page.locator('[data-size=width]').fill('18')
    await page.locator('[data-save]').click() // nobody walked, and no photo was taken
    await page.locator('.bad', { hasText: '不能作为依据' }).waitFor()
    await page.locator('[data-save]').click()
    await page.locator('[data-waiting="1"]').waitFor()

    const of = await api('GET', `name-cases/${site.case_id}`)
    await api('POST', `name-cases/${site.case_id}/events`, { kind: 'withdrawn', day: of.today ?? new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10), reason: '申请人撤回（示例）' }, { 'If-Match': `"${of.version}"`, 'Idempotency-Key': crypto.randomUUID() })
    await context.setOffline(false)
    await page.locator('[data-refused="1"]').waitFor()
    await page.locator('.bar button', { hasText: '查看' }).click()
    await page.locator('[data-write=refused]', { hasText: '踏勘记录不再变动' }).waitFor()
    await clean(page, 'survey-refused')
    await row(page).locator('[data-draft=refused] button.primary').click()
    assert.equal(await page.locator('[data-size=width]').inputValue(), '18')

    // Nor does signing out, unless the person says so.
    await page.locator('.menu > button').click()
    await page.getByRole('button', { name: '退出' }).click()
    await page.locator('dialog', { hasText: '还有内容没有发送' }).locator('button.primary').click()
    await page.goto(`${server.url}/names/survey?lang=zh`)
    await page.locator('[data-refused="1"]').waitFor()
    await page.locator('.bar button', { hasText: '查看' }).click()
    await page.locator('[data-write=refused] button', { hasText: '放弃' }).click()
    await page.locator('dialog button.danger').click()
    await until('it is given up', async () => (await page.locator('[data-refused]').count()) === 0)
    assert.equal((await visits()).length, 1)
    assert.deepEqual(faults, [])
  })

  it('shows the visit with its track and photo at the desk', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/case?id=${site.case_id}&tab=survey&lang=zh`, undefined, WHO)
    await screen.page.locator('[data-visit] img').first().waitFor()
    assert.equal(await screen.page.locator('[data-visit]').count(), 1)
    await screen.accessible('the visits of a case')
    screen.clean?.()
  })

  const visits = async () => (await api('GET', `name-cases/${site.case_id}/visits`)).visits

  async function clean(page, name) {
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    assert.deepEqual(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(' ')}`), [], name)
    await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true })
  }

  /** A photo larger than what is sent. */
  async function picture(page) {
    const data = await page.evaluate(() => {
      const canvas = document.createElement('canvas')
      canvas.width = 2600
      canvas.height = 1300
      const on = canvas.getContext('2d')
      on.fillStyle = '#7aa'
      on.fillRect(0, 0, 2600, 1300)
      on.fillStyle = '#555'
      on.fillRect(900, 300, 800, 1000)
      return canvas.toDataURL('image/jpeg', 0.8)
    })
    return Buffer.from(data.split(',')[1], 'base64')
  }
})
