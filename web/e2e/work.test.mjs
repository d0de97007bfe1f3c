// Work on facilities in a real browser against the real server: an inspection from the
// draft to the re-check, at the desk and on the phone, and the planning of columbaria.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { desk, launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const WHY = '年度工作安排'

/** A picture that a telephone might take: a grey JPEG, drawn by the browser itself. */
async function picture(page) {
  const data = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 320
    canvas.height = 240
    canvas.getContext('2d').fillRect(0, 0, 320, 240)
    return canvas.toDataURL('image/jpeg').split(',')[1]
  })
  return { name: 'front.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(data, 'base64') }
}

describe('inspections and the planning of columbaria', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('follows a canteen from the draft to the re-check', async () => {
    const office = await Screen.open(browser, `${server.url}/campaigns?lang=zh`, desk)
    const { page } = office
    await page.getByText('还没有清查').waitFor()
    await office.accessible('no campaigns')
    await page.getByRole('button', { name: '拟订清查' }).click()
    await page.getByRole('dialog').getByText('设施清查表').waitFor()
    await page.getByLabel('名称').fill('2026 年老人家食堂清查')
    await page.getByLabel('期限').fill('2099-12-31')
    await page.getByLabel('理由').fill(WHY)
    await page.getByRole('button', { name: '保存草稿' }).click()
    await page.getByRole('heading', { name: /2026 年老人家食堂清查/ }).waitFor()

    await page.getByRole('button', { name: '选择设施' }).click()
    await page.getByRole('dialog').getByLabel(/^老人家食堂/).check()
    await page.getByLabel('理由').fill(WHY)
    await page.getByRole('button', { name: '加入清单' }).click()
    await page.getByText(/加入了 \d+ 处设施/).waitFor()
    await office.shot('campaign-pick')
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).last().click()
    const rows = page.locator('[data-task-row]')
    await rows.first().waitFor()
    await page.getByRole('button', { name: '下发', exact: true }).click()
    await page.getByLabel('理由').fill(WHY)
    await page.getByRole('dialog').getByRole('button', { name: '下发' }).click()
    await page.getByRole('heading', { name: '各街镇进度' }).waitFor()
    await office.accessible('a campaign that is out')
    await office.shot('campaign')

    await answer(browser, server)

    await page.reload()
    const returned = rows.filter({ hasText: '已填报' }).first()
    await returned.getByRole('button', { name: /查看/ }).click()
    await page.getByRole('complementary').getByText('找不到').waitFor()
    await office.accessible('a return')
    await office.shot('campaign-return')
    await page.getByRole('complementary').getByRole('button', { name: '通过' }).click()
    await page.getByRole('complementary').getByText('已通过').waitFor()
    await page.getByRole('complementary').getByRole('button', { name: '关闭' }).click()

    const problem = page.locator('[data-problem]').first()
    for (const [step, state] of [['已整改', '待复查'], ['复查通过', '已销号']]) {
      await problem.getByRole('button', { name: step }).click()
      await page.getByRole('dialog').getByRole('button', { name: step }).click()
      await problem.getByText(state).waitFor()
    }
    await office.shot('campaign-problems')
    office.clean()
    await office.close()
  })

  it('decides what becomes of columbaria and balances their niches', async () => {
    const as = await server.as('planner')
    const list = (await (await as('/api/v1/facilities?type=columbarium')).json()).facilities
    assert.ok(list.length > 0, 'the demo has columbaria')
    const near = list[0]
    const register = async (name, fields, status = 'open') => {
      const made = await as('/api/v1/facilities', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify({ type: 'columbarium', name_zh: name, status, lon: near.lon, lat: near.lat, fields, reason: WHY }),
      })
      assert.equal(made.status, 201, await made.clone().text())
    }
    await register('东村骨灰堂', { niches_total: 80, niches_used: 70, level: 'village' })
    await register('街镇骨灰堂', { niches_total: 100, niches_used: 50, level: 'subdistrict', fate: 'improve' })

    const screen = await Screen.open(browser, `${server.url}/funeral?lang=zh`, low)
    const { page } = screen
    await page.getByLabel('确定去向：东村骨灰堂').selectOption('merge')
    await page.getByLabel('理由').fill(WHY)
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await page.getByRole('button', { name: '新增安排' }).click()
    await page.getByLabel('迁出').selectOption({ label: '东村骨灰堂' })
    await page.getByLabel('迁入').selectOption({ label: '街镇骨灰堂' })
    await page.getByLabel('格位', { exact: true }).fill('70')
    await page.getByLabel('理由').fill(WHY)
    await page.getByRole('button', { name: '保存安排' }).click()
    const row = page.getByRole('row', { name: /街镇骨灰堂/ }).first()
    await until('the deficit', async () => (await page.locator('.lack').allInnerTexts()).includes('−20'))
    await row.waitFor()
    await screen.accessible('the balance of niches')
    await screen.shot('funeral')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'XLSX' }).click()])
    assert.match(download.suggestedFilename(), /niche-balance\.xlsx/)
    screen.clean()
    await screen.close()
    const mobile = await Screen.open(browser, `${server.url}/funeral?lang=en`, phone)
    await mobile.page.getByText('Balance sheet of niches').waitFor()
    await mobile.accessible('the balance on the phone')
    await mobile.shot('funeral-phone')
    mobile.clean()
    await mobile.close()
  })
})

/** Answers the first task on a phone, as somebody who is there. */
async function answer(browser, server) {
  const field = await Screen.open(browser, `${server.url}/field?lang=zh`, phone, 'field-worker')
  const { page } = field
  const first = page.locator('[data-field-task]').first()
  await first.waitFor()
  await field.accessible('what is to be looked at')
  await first.click()
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('请填写这一项').first().waitFor()
  for (const [question, choice] of [['matches', '是'], ['state', '找不到'], ['use', '否']]) {
    await page.locator(`[data-question=${question}]`).getByText(choice, { exact: true }).click()
  }
  // What is typed is still there after the telephone forgot the page.
  await page.reload()
  await page.getByText('上次没有提交的内容已恢复').waitFor()
  await page.locator('input[type=file]').first().setInputFiles(await picture(page))
  await page.locator('[data-question=front] img').first().waitFor()
  await field.accessible('the form')
  await field.shot('field-form')
  await page.getByRole('button', { name: '提交' }).click()
  await page.getByText('已提交').waitFor()
  field.clean()
  await field.close()
}
