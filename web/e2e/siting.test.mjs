// Finding places for new facilities, in a real browser against the real server.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('siting', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('finds a place, says why and how sure that is, and gives it out', async () => {
    const screen = await Screen.open(browser, `${server.url}/siting?lang=zh&limit=600&band=all`, low)
    const { page } = screen
    await page.getByLabel('选址范围').selectOption({ label: '\u2003文丰社区' })
    await page.getByLabel('新设几处').fill('1')
    await page.getByRole('button', { name: '开始选址' }).click()
    await page.locator('[data-figure=bound]').getByText('已证明').waitFor()
    assert.match(await page.locator('[data-figure=coverage]').innerText(), /%\s*→\s*\d/)
    const rows = page.locator('section', { hasText: '选中的地点及理由' }).locator('tbody tr')
    assert.equal(await rows.count(), 1)
    assert.match(await rows.first().innerText(), /文丰社区[\s\S]*人[\s\S]*相距/)
    await page.locator('.letter-mark').waitFor()
    assert.match(page.url(), /within=990100100001.*sites=1.*run=1/)
    await screen.accessible('an answer')
    await screen.shot('siting')
    const given = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载 CSV' }).click()
    assert.match(await readFile(await (await given).path(), 'utf8'), /^\ufeffnumber,id,lon,lat[\s\S]*文丰社区/)

    assert.match(await page.getByRole('link', { name: '在地图上试一试' }).getAttribute('href'), /limit=600.*plan=a116\.\d+,39\.\d+/)

    await page.getByLabel('选址范围').selectOption('')
    await page.getByLabel('目标').selectOption('fewest_sites')
    await page.getByText('条件已改').waitFor()
    await page.getByLabel('覆盖比例').fill('100')
    // It is said why not, and what to do.
    const ask = page.waitForResponse((response) => response.url().includes('/coverage/siting'))
    await page.getByRole('button', { name: '重新选址' }).click()
    assert.equal((await ask).status(), 422)
    await page.getByRole('alert').getByText('达不到').waitFor()
    screen.forgive(/422/)
    screen.clean()
  })

  it('answers a link on the phone in English', async () => {
    const screen = await Screen.open(browser, `${server.url}/siting?lang=en&aim=shortest_ways&sites=2&limit=600&run=1`, phone)
    await screen.page.getByText('Average walk', { exact: true }).waitFor()
    await screen.accessible('an answer on the phone')
    await screen.shot('siting-phone')
    screen.clean()
  })
})
