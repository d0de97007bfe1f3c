// A messy list of canteens without coordinates, as an office keeps it, through the wizard
// in a real browser: some are placed by their address, some by a click, all come back out.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'
import { workbook } from './workbook.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const HEAD = ['序号', '食堂名称', '详细地址', '所属社区', '日供餐量', '联系电话', '运营方式', '运营状态', '备注']
const NAMES = '安康 福寿 益寿 颐和 松鹤 长青 敬亲 孝心 乐享 康乐 怡然 春晖 夕阳 金秋 和顺 同乐 邻里 暖阳 幸福 团圆 百味 家和 万年 千禧 美满 吉祥 如意 平安 德馨 仁爱 善邻 互助 常乐 永寿 惠民 利民 便民 爱心 温馨 舒心 放心 称心 宜家 宜老 乐龄 银龄 霞光 晚晴 朝霞 桂香 兰馨 菊香 梅园 竹苑 荷香 柳荫 槐荫 桃源 杏林 梨园'.split(' ')
const full = (text) => text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))

/** Sixty canteens as they are kept: titles above the head, merged cells, full-width
 *  digits, rows without anything, a row twice, a telephone and a word that are none. */
function canteens() {
  const addresses = []
  for (let n = 1; n <= 7; n++) addresses.push(`悦达镇晴辰小区${n}号楼底商`)
  for (let n = 1; n <= 12; n++) addresses.push(`友柳家园${n % 3 ? n : full(String(n))}号楼`)
  for (const n of [5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19]) addresses.push(`春荣路${n}号`)
  for (let n = 3; n <= 9; n++) addresses.push(`逸湾路${full(String(n))}号`)
  const rows = NAMES.map((name, i) => [
    i + 1,
    ` ${name}老人家食堂${i % 9 === 0 ? '　' : ''}`,
    addresses[i] ?? ['村委会东侧', '老供销社院内', '原粮站对面', '文化广场旁'][i % 4],
    addresses[i] ? '' : '梁家塘',
    `${40 + i}份`,
    i === 7 ? '无电话请找老李' : full(`022-2739${1000 + i}`),
    i % 5 ? '公建民营' : '民办',
    i === 20 ? '停歇中吧' : '正常',
    '食堂负责人',
  ])
  rows.splice(30, 0, null, HEAD.map(() => ''))
  rows.push([61, '安康老人家食堂', '晴辰小区1号楼', '', '40份', '022-27391000', '民办', '正常', ''])
  return workbook('老人家食堂', [['清澜区老人家食堂基本情况一览表'], ['填报单位：区民政局　　2026年11月'], HEAD, ...rows], ['A1:I1', 'A2:I2'])
}

describe('a list of facilities is brought in', { skip: reason || false }, () => {
  let server, browser, as

  before(async () => {
    server = await start()
    browser = await launch()
    as = await server.as('planner')
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const json = async (path) => (await as(path)).json()
  const send = (method, path, body, tag) =>
    as(path, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID(), ...(tag ? { 'if-match': tag } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  /** Every record of an import. */
  async function ofBatch(id) {
    const { facilities } = await json(`/api/v1/facilities?all=1&batch=${id}&limit=500`)
    return facilities
  }
  async function count(page, figure) {
    return Number((await page.locator(`[data-figure=${figure}]`).innerText()).replace(/\D/g, ''))
  }
  const pressed = (page) => page.locator('.foot button.primary').click()

  it('from the file to records on the map, out again, and back', async () => {
    const screen = await Screen.open(browser, `${server.url}/import?lang=zh`, low)
    const { page } = screen
    await page.locator('.drop').waitFor()
    await screen.accessible('the page of imports')
    await page.setInputFiles('input[type=file]', { name: '清澜区老人家食堂.xlsx', mimeType: XLSX, buffer: canteens() })
    await page.locator('#import-file').waitFor()
    const id = screen.params().get('batch')
    await screen.accessible('what is in the file')
    await pressed(page)

    await page.locator('#import-columns').waitFor()
    assert.equal(await page.locator('[data-column="食堂名称"] select').inputValue(), 'name_zh')
    assert.equal(await page.locator('[data-column="详细地址"] select').inputValue(), 'address')
    await page.locator('[data-column="备注"] select').selectOption('-')
    await screen.accessible('the columns')
    await screen.shot('import-columns')
    await pressed(page)
    await page.locator('#import-crs').waitFor()
    await pressed(page)

    await page.locator('[data-figure=will]').waitFor()
    await screen.accessible('the trial')
    await screen.shot('import-check')
    assert.equal((await json(`/api/v1/facilities?q=${encodeURIComponent('松鹤老人家食堂')}`)).facilities.length, 0, 'the trial wrote')
    assert.equal(await count(page, 'error'), 2, 'a telephone and a word that are none')
    await page.getByText('停歇中吧').waitFor()
    await page.getByText('无电话请找老李').waitFor()
    assert.equal(await count(page, 'duplicate'), 1)
    await page.locator('[data-outcome=duplicate]').first().click()
    await page.locator('tr[data-outcome=duplicate]').getByRole('button', { name: '跳过这一行' }).click()
    await page.locator('.told').getByRole('button', { name: '重新检查' }).click()
    await until('the decision to count', async () => (await count(page, 'duplicate')) === 0)
    const href = await page.getByRole('link', { name: '下载标出错误的表格' }).getAttribute('href')
    const marked = Buffer.from(await (await as(href)).arrayBuffer())
    assert.equal(marked.subarray(0, 2).toString(), 'PK')
    const will = await count(page, 'will')
    assert.equal(will, 58)

    await pressed(page)
    await page.locator('[data-verb=take]').click()
    await page.locator('[data-verb=place]').waitFor()
    await screen.accessible('what was taken')
    await screen.shot('import-done')
    const taken = await ofBatch(id)
    assert.equal(taken.length, will)
    const waiting = taken.filter((f) => f.lon === null).length
    // The district has the numbers of its buildings and of a dozen doors: rows of other doors,
    // and of places that only the village knows, are for a person, who is shown where to look.
    assert.ok(will - waiting >= 19, `${will - waiting} of ${will} were placed by their address`)
    assert.ok(waiting >= 15, `${waiting} wait for a click`)

    await places(screen, waiting)
    const records = await ofBatch(id)
    assert.equal(records.filter((f) => f.lon === null).length, waiting - 3)
    await comesBack(id, records)
    await told(screen, id)
    await oneReversed(screen, id, records.length)
    await reversed(screen, id, records.length)
    screen.clean()
    await screen.close()
  })

  /** One click for each; a click too many is taken back, one that nobody knows skipped. */
  async function places(screen, waiting) {
    const { page } = screen
    await page.locator('[data-verb=place]').click()
    const current = page.locator('[data-current]')
    await current.waitFor()
    const box = async () => page.locator('.work .map canvas').boundingBox()
    const click = async (dx) => {
      const before = await current.getAttribute('data-current')
      await page.locator('.candidates[aria-busy=false]').waitFor()
      const { x, y, width, height } = await box()
      await page.mouse.click(x + width / 2 + dx, y + height / 2 + 5)
      await until('the next one', async () => (await current.getAttribute('data-current')) !== before)
    }
    await screen.accessible('what waits for a position')
    await screen.shot('place')
    await click(20)
    await click(-20)
    const skipped = await current.getAttribute('data-current')
    await page.keyboard.press('s')
    await until('the one behind', async () => (await current.getAttribute('data-current')) !== skipped)
    await page.keyboard.press('z')
    await page.getByRole('heading', { name: new RegExp(`^${waiting - 1} 处待落图`) }).waitFor()
    await click(-30)
    await click(35)
    await page.getByRole('heading', { name: new RegExp(`^${waiting - 3} 处待落图`) }).waitFor()
  }

  /** What went in comes out as a workbook, and that comes back as what is there already. */
  async function comesBack(id, records) {
    const out = await as(`/api/v1/facility-export?format=xlsx&batch=${id}&all=1`)
    assert.equal(out.status, 200)
    const bytes = Buffer.from(await out.arrayBuffer())
    const made = await as(`/api/v1/imports?name=${encodeURIComponent('导出.xlsx')}`, {
      method: 'POST', body: bytes, headers: { 'content-type': 'application/octet-stream', 'idempotency-key': crypto.randomUUID() },
    })
    assert.equal(made.status, 201, await made.clone().text())
    let detail = await made.json()
    assert.equal(detail.options.key, 'id')
    for (const column of detail.mapping.columns) column.field ||= '-'
    const mapped = await send('PUT', `/api/v1/imports/${detail.id}/mapping`, { mapping: detail.mapping, options: detail.options }, made.headers.get('etag'))
    assert.equal(mapped.status, 200, await mapped.clone().text())
    const asked = await send('POST', `/api/v1/imports/${detail.id}/check`, null, mapped.headers.get('etag'))
    assert.equal(asked.status, 202, await asked.clone().text())
    await until('the check', async () => {
      detail = await json(`/api/v1/imports/${detail.id}`)
      return detail.state === 'checked'
    })
    const { rows } = await json(`/api/v1/imports/${detail.id}/rows?limit=200`)
    const other = rows.filter(({ outcome }) => outcome !== 'unchanged').map(({ row, outcome, faults, changes }) => ({ row, outcome, faults, changes }))
    assert.deepEqual(other, [], 'what came out is what went in')
    assert.equal(rows.length, records.length)
  }

  /** The list of jobs says what became of the file, and leads back to it. */
  async function told(screen, id) {
    const { page } = screen
    await page.goto(`${server.url}/jobs?lang=zh`)
    const job = page.locator('article.job', { hasText: '已写入登记册' })
    await job.first().waitFor()
    assert.equal(await page.locator(`article.job a[href^="/place?batch=${id}"]`).count(), 1)
    await screen.accessible('what jobs say of an import')
    await job.locator(`a[href^="/import?batch=${id}"]`).click()
    await page.locator('[data-verb=undo]').waitFor()
  }

  /** A single row is taken back, with a reason; the others stay. */
  async function oneReversed(screen, id, made) {
    const { page } = screen
    await page.locator('.picks [data-outcome=create]').click()
    const box = page.locator('tr[data-outcome=create] input[type=checkbox]')
    await box.first().check()
    await page.locator('[data-verb=undo-rows]').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: '撤销选中的行' }).click()
    await dialog.getByText('请填写这一项。').waitFor()
    await dialog.locator('textarea').fill('重复上报')
    await screen.accessible('the reason of an undo')
    await dialog.getByRole('button', { name: '撤销选中的行' }).click()
    await page.getByText('已撤销：移除 1').waitFor()
    await until('the row to say so', async () => (await page.locator('tr[data-outcome=create] .badge', { hasText: '移除' }).count()) === 1)
    assert.equal((await ofBatch(id)).length, made - 1)
  }

  /** What an import made goes; what somebody put onto the map since stays, and is listed. */
  async function reversed(screen, id, made) {
    const { page } = screen
    await page.goto(`${server.url}/import?lang=zh&batch=${id}`)
    await page.locator('[data-verb=undo]').click()
    await page.getByRole('dialog').getByRole('button', { name: '撤销这次导入' }).click()
    await page.getByRole('heading', { name: '已撤销' }).waitFor()
    await page.getByText('没有撤销的行').waitFor()
    await until('the rows that stay', async () => (await page.locator('table.records tbody tr').count()) === 3)
    await screen.accessible('what was taken back')
    const left = (await ofBatch(id)).filter((f) => !f.valid_to)
    assert.equal(left.length, 3, `of ${made}`)
  }

  it('asks by the map in which system the coordinates are, on the phone', async () => {
    const screen = await Screen.open(browser, `${server.url}/import?lang=en`, phone)
    const { page } = screen
    const { facilities } = await json('/api/v1/facilities?limit=40')
    // As a web map gives them: half a kilometre to the south-east.
    const lines = facilities.map((f, n) => `Site ${n},${(f.lon + 0.0062).toFixed(6)},${(f.lat + 0.0013).toFixed(6)}`)
    await page.locator('.drop').waitFor()
    await page.setInputFiles('input[type=file]', { name: '老人家食堂.csv', mimeType: 'text/csv', buffer: Buffer.from(['名称,经度,纬度', ...lines].join('\r\n')) })
    await page.locator('#import-file').waitFor()
    await screen.accessible('a file on the phone')
    await pressed(page)
    await page.locator('#import-columns').waitFor()
    await screen.accessible('columns on the phone')
    await pressed(page)
    await page.locator('#import-crs').waitFor()
    await page.getByRole('radio').first().waitFor()
    assert.ok((await page.getByRole('radio').count()) > 1)
    await screen.accessible('coordinates on the phone')
    await screen.shot('import-crs-phone')
    screen.clean()
    await screen.close()
  })
})
