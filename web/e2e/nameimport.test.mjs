// A list of names in a real browser against the real server: tried with a column that nobody knows
// and a word that means no kind, put right on the screen, taken, and taken again without effect;
// then what carries one of its names.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('lists of place names', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('tries a register, has its columns and words put right, and takes it', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/import?lang=zh`, low, 'place-name-registrar')
    const { page } = screen
    await screen.accessible('the page of imports')
    await page.locator('[data-import=open]').click()
    await page.locator('[name=source]').fill('示例普查')
    const list = '路的名字,地名类别,含义,经度,纬度\r\n导入甲路,街路,示例,117.02,39.03\r\n导入乙桥,桥梁,示例,117.02,39.03\r\n'
    const file = { name: '地名.csv', mimeType: 'text/csv', buffer: Buffer.from(list) }
    const input = page.locator('dialog input[type=file]')
    await input.setInputFiles(file)
    await page.locator('[data-columns]').waitFor()
    await page.locator('[data-head="路的名字"]').selectOption('text')
    await page.locator('[data-again]').click()
    await page.locator('[data-word="街路"]').waitFor()
    await page.locator('[data-word="街路"]').selectOption('road')
    await page.locator('[data-again]').click()
    await until('both rows are new', async () => (await page.locator('[data-count=created]').textContent()) === '2' || (await page.locator('[data-fault]').allTextContents()).join('|').includes('政区'))
    if ((await page.locator('[data-fault]').count()) > 0) assert.fail((await page.locator('[data-fault]').allTextContents()).join('|'))
    await screen.accessible('a list that was tried')
    await page.locator('textarea[name=reason]').fill('导入示例普查')
    await page.locator('dialog form button.primary').click()
    await page.locator('[data-taken=true]').waitFor()
    await page.locator('dialog a', { hasText: '导入甲路' }).click()
    await page.locator('[data-name-text]', { hasText: '导入甲路' }).waitFor()
    await page.locator('#name-effects-tab').click()
    await page.locator('[data-consequences="0"]').waitFor()
    await screen.accessible('what carries a name')
    await screen.close()
  })

  it('shows the table of old and new names on a phone', async () => {
    const screen = await Screen.open(browser, `${server.url}/names/changes?lang=en`, phone, 'place-name-registrar')
    await screen.page.locator('[data-tab=costs]').click()
    await screen.page.locator('[data-save]').waitFor()
    await screen.accessible('the unit costs')
    await screen.close()
  })
})
