// The coverage question in all its forms: who walks, how far, when, to which tier, and the
// types that nobody walks to; each in the link, in the figures and as the server answers.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const whole = (text) => Number(text.replace('<1', '0').replace(/[^\d]/g, ''))

describe('the coverage question', { skip: reason || false }, () => {
  let server, browser, screen, page, ask

  before(async () => {
    server = await start()
    browser = await launch()
    ask = await server.as('planner')
    screen = await Screen.open(browser, `${server.url}/?type=elderly_station&limit=900&speed=0.9&band=70%2B&base=resident&level=community`)
    page = screen.page
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  /** What the server says to the question in the link. */
  async function answered() {
    const p = screen.params()
    const q = new URLSearchParams()
    for (const key of ['type', 'base', 'metres', 'profile', 'at', 'tier', 'limit', 'speed']) if (p.get(key)) q.set(key, p.get(key))
    const response = await ask(`/api/v1/coverage?${q}`)
    assert.equal(response.status, 200, String(q))
    return response.json()
  }

  async function figuresAre() {
    await screen.settled()
    const answer = await answered()
    const band = answer.bands.find((each) => each.band === screen.params().get('band'))
    assert.ok(Math.abs(whole(await screen.text('[data-figure="uncovered"]')) - band.uncovered) <= 1, 'people left behind')
    const share = parseFloat(await screen.text('[data-figure="share"]'))
    assert.ok(Math.abs(share - band.population_coverage * 100) < 0.11, `${share} % for ${band.population_coverage}`)
    return answer
  }

  const choose = (name, value) => page.locator(`input[name="${name}"][value="${value}"]`).check({ force: true })
  const openMore = () => page.locator('details.more > summary').click()

  it('takes who walks and says so', async () => {
    await openMore()
    await choose('profile', 'elder')
    assert.equal(screen.params().get('profile'), 'elder')
    const answer = await figuresAre()
    assert.equal(answer.query.profile, 'elder')
    assert.match(await screen.text('.figures'), /15 分钟（老年人）以外/)
    assert.match(await screen.text('[data-conditions]'), /老年人/)
  })

  it('takes a distance in the place of a time, for anybody', async () => {
    await page.getByRole('button', { name: '改按距离' }).click()
    assert.equal(screen.params().get('metres'), '500')
    for (const gone of ['limit', 'speed', 'profile']) assert.equal(screen.params().get(gone), null, gone)
    await choose('metres', '300')
    assert.equal((await figuresAre()).query.metres, 300)
    await choose('metres', '500')
    assert.match(await screen.text('.figures'), /步行 500 米以外/)
    assert.match(await screen.text('#legend-body'), /步行 500 米服务圈/)
    await figuresAre()
  })

  it('takes a tier, and keeps all of it in the link', async () => {
    await choose('tier', '5')
    const answer = await figuresAre()
    assert.equal(answer.query.tier, '5')
    assert.ok(answer.facilities.length > 0, 'stations are of the five minutes by their type')
    const figures = await screen.text('.figures')
    await page.reload()
    await screen.settled()
    assert.equal(await screen.text('.figures'), figures)
    assert.ok(await page.locator('input[name="metres"][value="500"]').isChecked())
    await openMore()
    await choose('tier', '15')
    assert.equal((await figuresAre()).facilities.length, 0, 'a station stands for no wider tier')
    await page.goBack()
    await screen.settled()
    assert.equal(await screen.text('.figures'), figures)
    await screen.accessible('a question by distance')
  })

  it('counts by how many facilities people are covered', async () => {
    await page.locator('[data-columns] button').nth(1).click()
    assert.equal(screen.params().get('cols'), 'overlap')
    const answer = await answered()
    const rows = await page.locator('tbody tr').all()
    assert.equal(rows.length, answer.divisions.filter((d) => d.level === 'community').length)
    const heads = await page.locator('thead th').allInnerTexts()
    const at = (name) => heads.findIndex((head) => head.startsWith(name))
    for (const row of rows) {
      const cells = await row.locator('th, td').allInnerTexts()
      const parts = ['只有一处', '不止一处', '未覆盖', '无路可走'].map((name) => whole(cells[at(name)]))
      assert.equal(parts.reduce((a, b) => a + b, 0), whole(cells[at('人口')]), cells.join(' | '))
    }
  })

  it('says how far the street data can be trusted', async () => {
    await page.locator('[data-columns] button').nth(2).click()
    const survey = await (await ask('/api/v1/coverage/completeness?base=resident')).json()
    await page.locator('[data-score]').first().click()
    await page.locator('aside.drawer meter').first().waitFor()
    const name = await screen.text('aside.drawer h2')
    const said = survey.divisions.find((d) => d.name_zh === name)
    assert.match(await screen.text('aside.drawer .score'), new RegExp(`^${said.score ?? '–'}`))
    await screen.accessible('the score of a community')
    await page.keyboard.press('Escape')
    await until('the drawer to close', async () => (await page.locator('aside.drawer meter').count()) === 0)
  })

  it('judges by division what nobody walks to', async () => {
    await page.goto(`${server.url}/?type=columbarium&limit=600&speed=1.2&profile=elder&at=08:00&band=70%2B&base=resident&level=community`)
    await screen.settled()
    const answer = await (await ask('/api/v1/coverage?type=columbarium&base=resident')).json()
    assert.equal(answer.judged_by, 'division')
    assert.equal(answer.judged_level, 'community')
    for (const gone of ['limit', 'speed', 'metres', 'profile']) assert.equal(await page.locator(`input[name="${gone}"]`).count(), 0, gone)
    assert.match(await screen.text('section[aria-labelledby="answer-title"]'), /每个社区（村）是否设有/)
    const shown = `${await screen.text('.figures')}${await screen.text('#legend-body')}`
    assert.doesNotMatch(shown, /步行|分钟|服务圈/)
    const band = answer.bands.find((each) => each.band === '70+')
    assert.ok(Math.abs(parseFloat(await screen.text('[data-figure="share"]')) - band.population_coverage * 100) < 0.11)
    assert.equal(screen.params().get('limit'), '600', 'what was asked of walks waits for the next type')
    await screen.accessible('a type judged by division')
  })

  it('takes links from before', async () => {
    await page.goto(`${server.url}/?type=elderly_canteen&limit=600&speed=1.2&band=60%2B&base=resident`)
    const answer = await figuresAre()
    assert.deepEqual([answer.query.limit, answer.query.speed, answer.query.profile, answer.query.tier], [600, 1.2, 'plain', ''])
    screen.clean()
  })

  it('works on a phone, in English', async () => {
    const small = await Screen.open(browser, `${server.url}/?type=elderly_canteen&limit=900&speed=0.9&profile=step_free&at=always&band=70%2B&base=resident&lang=en`, phone)
    assert.match(await small.text('.figures'), /Beyond 15 min \(step-free, gates open all day\) on foot/)
    await small.page.locator('details.more > summary').click()
    await small.page.locator('input[name="profile"][value="plain"]').check({ force: true })
    assert.equal(small.params().get('profile'), null)
    await small.settled()
    await small.accessible('the question on a phone')
    small.clean()
    await small.close()
  })
})
