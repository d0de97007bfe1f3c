// Files of facilities: a planner exports a list, keeps a profile for a return to a higher
// system and exports by it, and takes a template.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { low, launch, Screen } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('exports', { skip: reason || false }, () => {
  let server, browser, screen, page, folder

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yike-exports-'))
    server = await start()
    browser = await launch()
    screen = await Screen.open(browser, `${server.url}/facilities?type=elderly_canteen`, { ...low, acceptDownloads: true })
    page = screen.page
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Does what begins a download and gives the name and where it was saved. */
  async function saved(begin) {
    const [download] = await Promise.all([page.waitForEvent('download'), begin()])
    const path = join(folder, download.suggestedFilename())
    await download.saveAs(path)
    return { name: download.suggestedFilename(), path }
  }

  it('writes the list in the format and system asked for', async () => {
    await page.getByRole('button', { name: '导出…' }).click()
    const dialog = page.getByRole('dialog', { name: '导出设施' })
    await dialog.getByLabel('文件格式').selectOption('csv')
    await dialog.getByLabel('坐标系').selectOption('gcj02')
    await dialog.getByText('加偏坐标只用于').waitFor()
    await screen.accessible('export dialog')
    const file = await saved(() => dialog.getByRole('button', { name: '导出', exact: true }).click())
    assert.match(file.name, /^老人家食堂-\d{4}-\d\d-\d\d-GCJ-02\.csv$/)
    const lines = readFileSync(file.path, 'utf8').split('\r\n')
    assert.ok(lines[0].startsWith('\ufeff名称,类型,状态,') && lines[0].includes('经度（GCJ-02）'), lines[0])
    assert.ok(lines.length > 2, lines)
    await dialog.getByText(`已导出 ${lines.length - 2} 处`).waitFor()
  })

  it('keeps a profile with headings, codes and a constant, and exports by it', async () => {
    await page.getByRole('dialog').getByRole('link', { name: '管理导出方案和模板' }).click()
    await page.getByText('还没有导出方案。').waitFor()
    await screen.accessible('no profiles')
    await page.getByRole('button', { name: '新建方案' }).click()
    await page.getByLabel('方案名称').fill('省平台季报')
    await page.getByLabel('文件格式').selectOption('csv')
    await page.getByLabel('日期写法').selectOption('compact')
    for (const [i, [head, field]] of [['机构名称', 'name_zh'], ['状态码', 'status'], ['填报单位', '']].entries()) {
      await page.getByRole('button', { name: '添加列' }).click()
      await page.getByLabel(`取自 ${i + 1}`, { exact: true }).selectOption(field)
      await page.getByLabel(`对方的列名 ${i + 1}`, { exact: true }).fill(head)
    }
    await page.getByLabel('固定值 3', { exact: true }).fill('某区民政局')
    await page.getByRole('button', { name: '“状态码”的代码对照' }).click()
    await page.getByLabel('对方的值: 开放').fill('01')
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click()
    await page.getByRole('button', { name: '上移: 填报单位' }).click()
    await page.getByRole('button', { name: '预览' }).click()
    await page.getByRole('cell', { name: '01' }).first().waitFor()
    await screen.accessible('profile with a preview')
    await page.getByRole('button', { name: '保存方案' }).click()
    await page.getByText('已保存。').waitFor()
    await page.getByRole('link', { name: '返回全部方案' }).click()
    await page.getByRole('button', { name: '按此导出' }).click()
    const file = await saved(() => page.getByRole('dialog').getByRole('button', { name: '导出', exact: true }).click())
    assert.match(file.name, /^省平台季报-\d{4}-\d\d-\d\d\.csv$/)
    const lines = readFileSync(file.path, 'utf8').split('\r\n')
    assert.equal(lines[0], '\ufeff机构名称,填报单位,状态码')
    assert.ok(lines.some((line) => line.endsWith(',某区民政局,01')), lines[1])
    await page.keyboard.press('Escape')
  })

  it('gives a template for each type', async () => {
    await page.getByRole('button', { name: '导入模板' }).click()
    await screen.accessible('templates')
    const file = await saved(() => page.getByRole('link', { name: '老人家食堂导入模板 Excel' }).click())
    assert.match(file.name, /老人家食堂.*模板\.xlsx$/)
    const parts = execFileSync('unzip', ['-p', file.path, 'xl/worksheets/sheet1.xml'], { encoding: 'utf8' })
    assert.ok(parts.includes('dataValidation'))
    screen.clean()
  })
})
