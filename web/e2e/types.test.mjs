// A planner without any training adds a type of facilities, and everything follows it
// without a restart: the question on the map, the form of a record, the list, the import
// template, the matrix, the standards. Two planners who change one type do not overwrite
// one another.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const NAME = '社区助浴点'
const CODE = 'she_qu_zhu_yu_dian'

describe('facility types', { skip: reason || false }, () => {
  let server, browser, ask

  before(async () => {
    server = await start()
    browser = await launch()
    ask = await server.as('planner')
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('adds a type, and everything follows it', async () => {
    const screen = await Screen.open(browser, `${server.url}/admin/types?lang=zh`, low)
    const { page } = screen
    const field = async (name, fill) => {
      await page.locator('[data-add-field]').click()
      await page.locator('[name=field-zh]').fill(name)
      await fill()
      await page.locator('dialog button.primary').click()
    }
    const template = () => page.locator('[data-template]').innerText()
    await page.locator('[data-type=elderly_canteen]').waitFor()
    await page.locator('[data-add-type]').click()
    await page.locator('[name=zh]').fill(NAME)
    await page.locator('[name=unit]').selectOption('visits_per_day')
    await field('日服务能力', async () => {
      await page.locator('[name=field-unit]').selectOption('visits_per_day')
      await page.locator('[name=field-required]').check()
    })
    await field('助浴方式', async () => {
      await page.locator('[name=field-kind]').selectOption('choices')
      for (const [i, choice] of ['到点助浴', '上门助浴'].entries()) {
        await page.getByRole('button', { name: '添加选项' }).click()
        await page.locator('[name=choice-zh]').nth(i).fill(choice)
      }
    })
    // What follows is seen before it is saved.
    await until('the template of the draft', async () => /日服务能力 \*[\s\S]*助浴方式/.test(await template()))
    await page.locator('[name=capacity-field]').selectOption({ label: '日服务能力' })
    // A name that is for the dead, for people in distress or for minors never comes to doors.
    await page.locator('[name=door]').check()
    await page.locator('[name=zh]').fill('骨灰助浴点')
    await until('the rule of doors', async () => /“骨灰”/.test(await screen.text('.editor')))
    await page.locator('[name=zh]').fill(NAME)
    await until('the rule to be met', async () => !/“骨灰”/.test(await screen.text('.editor')))
    await screen.accessible('a type that is made')
    await page.locator('section.save button.primary').click()
    assert.equal(await page.locator('[name=reason]').getAttribute('aria-invalid'), 'true', 'a reason is asked for')
    await page.locator('[name=reason]').fill('按市局通知新增')
    await page.locator('section.save button.primary').click()
    await until('it to be saved', async () => (await screen.text('[data-told]')).includes(`“${NAME}”已保存`))
    await until('its address', () => screen.params().get('type') === CODE)
    await until('its history', async () => (await screen.text('form')).includes('按市局通知新增'))

    // The list of facilities and the form of one, in the page that was open all along.
    await page.locator('[data-task=facilities]').click()
    await page.locator('.panel .head button').first().click()
    const form = page.locator('form.record')
    await form.waitFor()
    await form.locator('select').first().selectOption(CODE)
    await form.locator('input[lang=zh-CN]').fill('甲助浴点')
    const { bounds: [west, south, east, north] } = await (await ask('/api/v1/district')).json()
    await form.locator('input[inputmode=decimal]').nth(0).fill(String((west + east) / 2))
    await form.locator('input[inputmode=decimal]').nth(1).fill(String((south + north) / 2))
    await form.getByRole('tab').nth(1).click()
    await form.locator('[data-field=ri_fu_wu_neng_li] input').fill('40')
    await form.locator('[data-field=zhu_yu_fang_shi] input').first().check()
    await form.locator('textarea').fill('新开')
    await form.locator('button.primary').click()
    await form.waitFor({ state: 'detached' })
    await until('its facts', async () => (await screen.text('#facts-title')).includes('甲助浴点'))
    await page.locator('.facts').getByRole('tab').nth(1).click()
    assert.match(await screen.text('#facts-service'), /40\u2009人次\/日[\s\S]*到点助浴|到点助浴[\s\S]*40\u2009人次\/日/)

    // The question on the map, the templates, the matrix and the standards.
    await page.locator('[data-task=map]').click()
    await page.locator('.picker button').first().click()
    await page.locator('#type-list').getByRole('button', { name: new RegExp(NAME) }).click()
    assert.equal(await screen.text('#type-value'), NAME)
    assert.equal(screen.params().get('type'), CODE)
    assert.equal((await ask(`/api/v1/coverage?type=${CODE}&limit=900&speed=0.9`)).status, 200)
    assert.match(await (await ask(`/api/v1/facility-templates/${CODE}?format=csv`)).text(), /日服务能力/)
    await page.locator('[data-task=matrix]').click()
    await page.getByRole('button', { name: /列/ }).first().click()
    await page.locator(`dialog [name=${CODE}]`).waitFor()
    await page.keyboard.press('Escape')
    await page.goto(`${server.url}/standards?lang=zh&tab=quality&type=${CODE}`)
    await until('the standards to know it', async () => (await page.locator(`option[value=${CODE}]`).count()) > 0)
    await page.goto(`${server.url}/import?lang=zh`)
    await until('the import to know it', async () => (await page.locator(`option[value=${CODE}]`).count()) > 0)
    assert.deepEqual(screen.faults, [])
  })

  it('keeps two who change one type from overwriting one another, and keeps what records have', async () => {
    const screen = await Screen.open(browser, `${server.url}/admin/types?lang=zh&type=love_post`, phone)
    const { page } = screen
    await page.locator('[name=zh]').fill('暖心驿站')
    await page.locator('[name=reason]').fill('本区叫法')
    const other = await ask('/api/v1/facility-types/love_post', {
      method: 'PATCH', headers: { 'content-type': 'application/json', 'if-match': '"0"' }, body: JSON.stringify({ zh: '爱心小站', en: 'little post', reason: '另一人' }),
    })
    assert.equal(other.status, 200)
    await page.locator('section.save button.primary').click()
    const conflict = page.locator('[data-conflict=zh]')
    await conflict.waitFor()
    assert.match(await conflict.innerText(), /暖心驿站[\s\S]*爱心小站/)
    assert.equal(await page.locator('[data-conflict]').count(), 1, 'what only one changed is merged')
    await screen.accessible('a conflict')
    await page.locator('dialog button.primary').click()
    assert.equal(await page.locator('[name=en]').inputValue(), 'little post')
    await page.locator('section.save button.primary').click()
    await until('both to be saved', async () => (await (await ask('/api/v1/facility-types/love_post')).json()).definition.zh === '暖心驿站')
    screen.forgive(/412/)

    // A field in use is retired, not removed, and says in how many.
    await page.goto(`${server.url}/admin/types?lang=zh`)
    await page.locator('[data-type=love_post]').waitFor()
    await screen.accessible('the list of types')
    await page.locator('[data-type=elderly_canteen] a').click()
    const row = page.locator('tr[data-field=services]')
    await row.waitFor()
    await row.getByRole('button', { name: /停用/ }).click()
    await until('what it does', async () => /停用“服务方式”/.test(await screen.text('[data-effects]')))
    await page.locator('[data-past=services]').waitFor()
    await screen.accessible('a type on the phone')
    assert.deepEqual(screen.faults, [])
  })
})
