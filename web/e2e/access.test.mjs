// How much of a supply people can get at, in a real browser against the real server.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('access', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  const figure = (screen, name) => screen.text(`[data-figure=${name}]`)
  const row = (screen) => screen.page.locator('tr[data-facility]').first()

  it('says how much there is for whom, follows every control, and gives it out', async () => {
    const screen = await Screen.open(browser, `${server.url}/access?lang=zh&type=meal_point&band=60%2B`, low)
    const { page } = screen
    await page.locator('[data-figure=mean]').waitFor()
    const mean = await figure(screen, 'mean')
    assert.match(mean, /\d.*份\/日/)
    assert.match(await page.getByText('各处人数 × 人均可得之和').innerText(), /：(\d+) = \1/)
    await screen.accessible('an answer')
    await page.locator('.map canvas').waitFor()
    await screen.shot('access')

    await page.getByLabel('算法').selectOption({ label: '三步移动搜寻法' })
    await page.getByText('不重复计').waitFor()
    await until('the address to hold the method', () => screen.params().get('method') === '3sfca')
    await page.getByLabel('门槛').fill('30')
    await page.locator('[data-figure=under]').waitFor()
    await page.getByRole('button', { name: '人口', exact: true }).click()
    await until('the table to be sorted', async () => (await page.locator('th[aria-sort=descending]').first().innerText()).includes('人口'))
    assert.equal(screen.params().get('sort'), '-people')

    // A name sends the map there.
    await page.locator('tr[data-code]').first().getByRole('button').click()
    const [given] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '设施 CSV' }).click()])
    assert.match(await readFile(await given.path(), 'utf8'), /^\ufeffid,name_zh[\s\S]*助餐点[\s\S]*meals_per_day,60\+/)
    const [drawn] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'GeoJSON' }).click()])
    const { features } = JSON.parse(await readFile(await drawn.path(), 'utf8'))
    assert.deepEqual([...new Set(features.map((f) => f.geometry.type))].sort(), ['MultiPolygon', 'Point'])
    screen.clean()
  })

  it('tries another capacity, keeps it in the link, and drops it', async () => {
    const screen = await Screen.open(browser, `${server.url}/access?lang=zh&type=meal_point`, low)
    const { page } = screen
    await row(screen).waitFor()
    await row(screen).locator('input').fill('900')
    await row(screen).locator('input').press('Enter')
    await page.getByText('试算方案').waitFor()
    await until('before and after', async () => (await figure(screen, 'mean')).includes('→'))
    assert.match(screen.params().get('cap'), /^[0-9a-f-]{36}:900$/)
    await page.getByText('变化', { exact: true }).first().click()
    await until('the change to be shown', () => screen.params().get('show') === 'change')
    await page.getByText('变多', { exact: true }).waitFor()
    await page.reload()
    await page.getByText('试算方案').waitFor()
    await page.getByRole('button', { name: '取消方案' }).click()
    await until('the plan to be dropped', async () => !(await figure(screen, 'mean')).includes('→'))
    screen.clean()
  })

  it('says where to record capacities that nobody recorded, and takes one for all', async () => {
    const screen = await Screen.open(browser, `${server.url}/access?lang=en&type=health_station`, phone)
    const { page } = screen
    await page.getByText('has a recorded capacity').waitFor()
    await screen.accessible('no capacity on the phone')
    const link = page.getByRole('link', { name: 'record capacities' })
    assert.match(await link.getAttribute('href'), /^\/facilities\?type=health_station.*status=open.*by=capacity/)
    await page.getByLabel('Facilities without a recorded capacity').fill('1')
    await page.locator('[data-notice=capacities]').getByText('counted as 1').waitFor()
    await page.locator('[data-figure=gini]').waitFor()
    await screen.accessible('an answer on the phone')
    await screen.shot('access-phone')
    // What cannot be worked out is said.
    const refused = page.waitForResponse((response) => response.url().includes('/coverage/access') && response.status() === 422)
    await page.getByLabel('Facilities without a recorded capacity').fill('')
    await page.evaluate(() => {
      history.replaceState(null, '', `${location.pathname}?lang=en&type=health_station&limit=7200`)
      dispatchEvent(new PopStateEvent('popstate'))
    })
    await refused
    await page.getByRole('alert').getByText('at most 3,600').waitFor()
    screen.forgive(/422/)
    screen.clean()
  })

  it('follows a plan on the map', async () => {
    const screen = await Screen.open(browser, `${server.url}/access?lang=zh&type=meal_point&band=60%2B`, low)
    const { page } = screen
    await row(screen).waitFor()
    const id = await row(screen).getAttribute('data-facility')
    await page.goto(`${server.url}/?lang=zh&type=meal_point&band=60%2B&plan=c${id}`)
    const line = page.locator('[data-access]')
    await line.getByText('→').waitFor()
    assert.match(await line.innerText(), /可及性[\s\S]*→[\s\S]*份\/日/)
    await line.getByRole('link').click()
    await page.getByText('1 个步骤').waitFor()
    assert.match(page.url(), new RegExp(`/access\\?.*plan=c${id}`))
    assert.match(await page.locator(`tr[data-facility="${id}"]`).innerText(), /关闭/)
    screen.clean()
  })
})
