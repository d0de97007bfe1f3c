// Paper and photos: a planner prints the map and reads what came out with other programs,
// and hangs a photo on a facility.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { low, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const run = (program, ...args) => execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })

/** Whether a program of poppler or zbar is there; without it in CI the test fails. */
function has(program) {
  try {
    run('which', program)
    return true
  } catch {
    if (process.env.CI) throw new Error(`${program} is not installed (Debian: poppler-utils zbar-tools)`)
    return false
  }
}

describe('paper and photos', { skip: reason || false }, () => {
  let server, browser, screen, page, folder
  let printed = 0

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yike-print-'))
    server = await start()
    browser = await launch()
    screen = await Screen.open(browser, server.url, { ...low, acceptDownloads: true })
    page = screen.page
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Fills the dialog in, waits for the sheet and gives where it was saved. */
  async function print(paper, fill = async () => {}) {
    await page.getByRole('button', { name: '打印', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: paper }).check()
    await fill(dialog)
    await dialog.getByRole('button', { name: '生成 PDF' }).click()
    const link = dialog.getByRole('link', { name: '下载' })
    await link.waitFor({ timeout: 60_000 })
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    const path = join(process.env.YIKE_KEEP_PRINTS ?? folder, `${paper}-${process.pid}-${(printed += 1)}.pdf`)
    await download.saveAs(path)
    await page.keyboard.press('Escape')
    return path
  }

  it('prints the coverage on A3 with all that a sheet must say', { skip: !has('pdftotext') || !has('zbarimg') }, async () => {
    await page.getByRole('button', { name: '打印', exact: true }).click()
    assert.match(await page.getByLabel('标题').inputValue(), /^步行 15 分钟以外的人在哪里 — 老人家食堂$/)
    await screen.accessible('the print dialog')
    await page.keyboard.press('Escape')
    const path = await print('A3', async (dialog) => dialog.getByLabel('制图单位').fill('示范区民政局'))
    const text = run('pdftotext', '-raw', path, '-')
    for (const want of ['步行 15 分钟以外的人在哪里 — 老人家食堂', '图例', '步行 15 分钟以外的缺口', '合成示例数据，不是真实地方', '比例尺 约 1:', '审图号：', '示范区民政局', '北']) {
      assert.ok(text.includes(want), `the sheet does not say ${want}:\n${text}`)
    }
    assert.match(run('pdfinfo', path), /1190\.55 x 841\.89 pts \(A3\)/)
    const [image] = run('pdfimages', '-list', path).split('\n').slice(2).map((line) => line.trim().split(/\s+/)).sort((a, b) => b[3] - a[3])
    assert.ok(Number(image[12]) >= 200, `the map has ${image[12]} dots to the inch`)
    run('pdftoppm', '-r', '150', '-png', '-singlefile', path, join(folder, 'page'))
    const code = run('zbarimg', '-q', '--raw', join(folder, 'page.png')).trim()
    assert.equal(new URL(code).origin, server.url)
    assert.equal(new URL(code).searchParams.get('type'), screen.params().get('type'))
    await colours(join(folder, 'page.png'))
    screen.clean()
  })

  it('makes the report and the package of today, with people not covered by place', { skip: !has('pdftotext') }, async () => {
    await page.getByRole('button', { name: '打印', exact: true }).click()
    await page.getByRole('tab', { name: '报告与成果包' }).click()
    await screen.accessible('the dialog of report and package')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('制作单位').fill('示范区民政局')
    const made = async (button) => {
      await dialog.getByRole('button', { name: button }).click()
      const link = dialog.getByRole('link', { name: '下载' })
      await link.waitFor({ timeout: 60_000 })
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
      const path = join(folder, download.suggestedFilename())
      await download.saveAs(path)
      await dialog.getByRole('button', { name: '再做一份' }).click()
      return path
    }
    const report = await made('打印报告')
    const text = run('pdftotext', '-raw', report, '-').replaceAll(/\s/g, '')
    for (const want of ['老人家食堂现状覆盖报告', '现状未覆盖的人，按地方', '怎样计算', '合成示例数据，不是真实情况', '示范区民政局']) {
      assert.ok(text.includes(want), `the report does not say ${want}:\n${text}`)
    }
    const archive = await made('导出成果包')
    assert.match(archive, /老人家食堂现状覆盖报告-.*\.zip$/)
    const names = readFileSync(archive).toString('utf8')
    for (const want of ['README.txt', '成果表.xlsx', '比选报告.pdf', '地图数据/gaps.geojson']) assert.ok(names.includes(want), `no ${want} in the package`)
    await page.keyboard.press('Escape')
    screen.clean()
  })

  it('prints estates and place names in black on white, and says what is not on the sheet', { skip: !has('pdftotext') || !has('pdfimages') }, async () => {
    const [planner, registrar] = await Promise.all(['planner', 'place-name-registrar'].map((name) => server.as(name)))
    const { facilities } = await (await planner('/api/v1/facilities?type=elderly_canteen&limit=50')).json()
    const at = facilities.find((each) => each.lon !== null)
    const far = 0.0008
    let sent = 0
    const post = async (ask, path, body) => {
      sent += 1
      const headers = { 'content-type': 'application/json', 'idempotency-key': `print-${sent}` }
      const answer = await ask(path, { method: 'POST', headers, body: JSON.stringify({ reason: '浏览器测试', ...body }) })
      assert.equal(answer.status, 201, await answer.clone().text())
    }
    const ring = ([x, y]) => [[x, y], [x + far, y], [x + far, y + far], [x, y + far], [x, y]]
    const estate = (name, kind, corner, more) =>
      post(planner, '/api/v1/estates', { name, kind, division_code: corner ? '' : at.division_code, ...(corner ? { boundary: { type: 'Polygon', coordinates: [ring(corner)] } } : {}), ...more })
    const name = (text, kind, state, geometry) =>
      post(registrar, '/api/v1/place-names', { text, kind, state, divisions: [at.division_code], decision: { kind: 'observed', title: '浏览器测试' }, geometry })
    await estate('印样新苑', 'new', [at.lon + 0.001, at.lat + 0.001], { households: 1500, people: 4200 })
    await estate('印样旧院', 'built', [at.lon - 0.0005, at.lat + 0.001], { households: 300, people: 800 })
    await estate('印样未画', 'new', null, { households: 200, people: 500 })
    const along = (dy) => ({ type: 'LineString', coordinates: [[at.lon - 0.004, at.lat + dy], [at.lon + 0.004, at.lat + dy]] })
    await name('沣印大道', 'road', 'approved', along(0.0004))
    await name('沣样便道', 'road', 'customary', along(0.0007))

    await page.goto(`${server.url}/?lang=zh&type=elderly_canteen&off=circles,others,people&v=15.6/${at.lat}/${at.lon}`)
    await page.locator('.menu > button').waitFor()
    await screen.settled()
    const path = await print('A4')
    const text = run('pdftotext', '-raw', path, '-')
    for (const want of ['新建小区（圆越大，欠配面积越多）', '不合标', '待定', '已建成小区', '标准地名', '在用未审定', '图上未印', '没有画出位置的小区：全区 1 个']) {
      assert.ok(text.includes(want), `the sheet does not say ${want}:\n${text}`)
    }
    assert.ok(!text.includes('地名：'), `names are on the sheet:\n${text}`)
    // Nothing else on the map is that dark.
    run('pdfimages', '-png', path, join(folder, 'map'))
    assert.ok(await dark(join(folder, 'map-000.png')) > 5000, 'estates and names are not in the picture')

    const small = await print('A4', async (dialog) => {
      await dialog.getByRole('checkbox', { name: '印图例' }).uncheck()
      await dialog.getByLabel('比例尺').selectOption('100000')
    })
    const foot = run('pdftotext', '-raw', small, '-').replaceAll(/\s/g, '')
    assert.ok(foot.includes('图上未印——没有画出位置的小区：全区1个；地名：这个比例尺下太密'), foot)
    screen.clean()
  })

  /** How many pixels of a picture are nearly black. */
  function dark(path) {
    return page.evaluate(async (bytes) => {
      const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }))
      const c = new OffscreenCanvas(picture.width, picture.height).getContext('2d')
      c.drawImage(picture, 0, 0)
      const { data } = c.getImageData(0, 0, picture.width, picture.height)
      let n = 0
      for (let i = 0; i < data.length; i += 4) if (Math.max(data[i], data[i + 1], data[i + 2]) < 45) n += 1
      return n
    }, [...readFileSync(path)])
  }

  /** The map on the sheet is drawn: it has the colours of gaps and of circles. */
  async function colours(path) {
    const counts = await page.evaluate(async (bytes) => {
      const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(picture.width, picture.height)
      const c = canvas.getContext('2d')
      c.drawImage(picture, 0, 0)
      const { data } = c.getImageData(0, 0, picture.width, picture.height)
      let ochre = 0
      let teal = 0
      for (let i = 0; i < data.length; i += 4) {
        const [r, g, b] = [data[i], data[i + 1], data[i + 2]]
        if (r > 150 && r - b > 70) ochre += 1
        if (g - r > 25 && b > r) teal += 1
      }
      return { ochre, teal, all: data.length / 4 }
    }, [...readFileSync(path)])
    assert.ok(counts.ochre > counts.all / 2000 && counts.teal > counts.all / 500, JSON.stringify(counts))
  }

  it('hangs a photo on a facility and takes it off again', async () => {
    const { facilities } = await (await (await server.as('planner'))('/api/v1/facilities?type=elderly_canteen&limit=1')).json()
    await page.evaluate((id) => {
      const url = new URL(location.href)
      url.searchParams.set('sel', `facility/${id}`)
      history.pushState(null, '', url)
      dispatchEvent(new PopStateEvent('popstate'))
    }, facilities[0].id)
    const files = page.locator('section.files')
    await files.getByText('还没有照片和文件').waitFor()
    const photo = Buffer.from(await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(640, 480)
      const c = canvas.getContext('2d')
      c.fillStyle = '#1F6F78'
      c.fillRect(0, 0, 640, 480)
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer())]
    }))
    await files.locator('input[type=file]').last().setInputFiles([
      { name: '大门.jpg', mimeType: 'image/jpeg', buffer: photo },
      { name: '合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') },
      { name: '坏的.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no PDF') },
    ])
    await until('the photo to be shown', () => files.locator('img').evaluate((img) => img.complete && img.naturalWidth > 0))
    await files.getByRole('link', { name: '合同.pdf' }).waitFor()
    await files.getByText('不接受这种文件').waitFor()
    screen.forgive(/422/)
    await files.getByRole('button', { name: '不传了' }).click()
    await screen.accessible('a facility with files')

    await files.locator('.photo').click()
    await page.getByRole('dialog').locator('img').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '移除' }).click()
    await page.getByRole('dialog').last().getByLabel('理由').fill('拍错了')
    await page.getByRole('dialog').last().getByRole('button', { name: '移除' }).click()
    await until('the photo to be gone', async () => (await files.locator('img').count()) === 0)
    assert.equal(await files.getByRole('link', { name: '合同.pdf' }).count(), 1)
    screen.clean()
  })

  it('offers the camera on a telephone', async () => {
    const tab = await Screen.open(browser, page.url(), phone)
    await tab.page.locator('section.files').getByText('拍照').waitFor()
    assert.equal(await tab.page.locator('input[capture=environment]').count(), 1)
    await tab.page.context().close()
  })
})
