// Standard addresses in a real browser against the real server: an address is entered and approved,
// another office's register comes in by file, and what it leaves open is decided.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen } from './screen.mjs'
import { missing, session, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('standard addresses', { skip: reason || false }, () => {
  let server, browser, road

  before(async () => {
    server = await start({ records: true })
    browser = await launch()
    const { addresses } = await api('plate-manager', 'addresses?state=approved&level=number&limit=1')
    road = addresses[0]
    assert.ok(road, 'the demonstration has numbered doors')
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  async function api(as, path) {
    const answer = await fetch(`${server.url}/api/v1/${path}`, { headers: { cookie: await session(server.url, as) } })
    assert.ok(answer.ok, `${path}: ${answer.status}`)
    return answer.json()
  }

  it('enters an address, approves it, and finds it in the list', async () => {
    const screen = await Screen.open(browser, `${server.url}/addresses?name=${road.name_id}&edit=1&lang=zh`, desk, 'plate-manager')
    const { page } = screen
    const form = page.locator('[data-address-form]')
    await form.locator('[name=number]').fill('988')
    await form.locator('[name=reason]').fill('新建楼房')
    await form.locator('button.primary').click()
    await page.locator('[data-address-text]', { hasText: '988号' }).waitFor()
    await page.locator('[data-address=move]').click()
    const dialog = page.locator('dialog')
    await dialog.locator('[name=to]').selectOption('approved')
    await dialog.locator('[name=decision_kind]').selectOption('numbering')
    await dialog.locator('[name=decision_number]').fill('编号〔2026〕9号')
    await dialog.locator('[name=decision_body]').fill('区民政局')
    await dialog.locator('[name=decision_day]').fill('2026-01-05')
    await dialog.locator('button.primary').click()
    await page.locator('header [data-state=approved]').waitFor()
    await screen.accessible('an address')
    await page.locator('#address-check-tab').click()
    await page.locator('[data-rule="PLT-23"]').first().waitFor()
    await screen.accessible('the check of an address')
    screen.clean()
    await screen.close()

    const list = await Screen.open(browser, `${server.url}/addresses?q=988&lang=zh`, phone, 'plate-manager')
    await list.page.locator('[data-address-row]', { hasText: '988号' }).waitFor()
    await list.accessible('the list on a telephone')
    await list.close()
  })

  it('takes a register by file, and leaves to a person what cannot be told', async () => {
    const screen = await Screen.open(browser, `${server.url}/addresses/import?lang=zh`, desk, 'plate-manager')
    const { page } = screen
    await page.locator('[data-import=open]').click()
    const csv = `编码,路名,门牌号,二维码内容\nGA-1,${road.name},${road.number},https://old.example.cn/q?id=1\nGA-2,没有的路,5,\n`
    await page.locator('input[type=file]').setInputFiles({ name: '公安.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await page.locator('[data-count=matched] dd', { hasText: '1' }).waitFor()
    await screen.accessible('a register that was tried')
    await page.locator('textarea[name=reason]').fill('接入公安台账')
    await page.locator('dialog form button.primary').click()
    await page.locator('[data-taken=true]').waitFor()
    await page.locator('dialog .verbs button.primary').click()
    const open = page.locator('[data-difference=no_name]', { hasText: '没有的路' })
    await open.locator('button').click()
    await page.locator('[name=decided]').nth(1).check()
    await page.locator('dialog [name=reason]').fill('不在本区')
    await page.locator('dialog button.primary').click()
    await open.waitFor({ state: 'detached' })
    screen.clean()
    await screen.close()
    const one = await api('plate-manager', `addresses/${road.id}`)
    assert.ok(one.foreign_codes.some((each) => each.code === 'https://old.example.cn/q?id=1'), 'the payload is kept as it is')
  })
})
