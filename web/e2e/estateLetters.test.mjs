// What goes out on paper about new estates, in a real browser against the real server: the
// bureau's own template with a fault and without, the letter of an opinion from draft to what
// went out, and the page for the developer.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { desk, launch, phone, Screen, until } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

describe('papers of estates', { skip: reason || false }, () => {
  let server, browser, folder, estate, reviewer

  before(async () => {
    server = await start()
    browser = await launch()
    folder = mkdtempSync(join(tmpdir(), 'yike-papers-'))
    reviewer = await server.as('estate-reviewer')
    estate = await opined()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
    if (folder) rmSync(folder, { recursive: true, force: true })
  })

  async function post(path, body) {
    const answer = await reviewer(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() } })
    assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`)
    return answer
  }

  /** An estate on whose planning conditions one of the offices that were asked has answered. */
  async function opined() {
    const { communities } = await (await reviewer('/api/v1/premises-summary')).json()
    const made = await (await post('/api/v1/estates', { name: '和顺家园', kind: 'new', division_code: communities[0].code, developer: '某某置业', households: 1000, reason: '登记' })).json()
    const asked = await (await post(`/api/v1/estates/${made.id}/steps/requests`, { milestone: 'conditions', day: '2026-01-05', by: '某某置业' })).json()
    const [{ norm, office }] = asked.milestones[0].rounds[0].waiting
    await post(`/api/v1/estates/${made.id}/steps/opinions`, {
      milestone: 'conditions', norm, office, verdict: 'conditional', letter: '函〔2026〕1号', day: '2026-01-06', signer: '示例', text: '面积写入出让合同',
    })
    return made.id
  }

  it('a template with a fault is told, a good one is taken and given back', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates/letters?lang=zh`, desk, 'estate-reviewer')
    const { page } = screen
    const kind = page.locator('[data-template=conditions]')
    await kind.waitFor()
    await screen.accessible('templates of letters')
    const good = Buffer.from(await (await reviewer('/api/v1/estate-letter-templates/conditions')).arrayBuffer())
    writeFileSync(join(folder, '条件.docx'), good)
    writeFileSync(join(folder, '坏.docx'), good.subarray(0, 2000))
    await kind.locator('input[type=file]').setInputFiles(join(folder, '坏.docx'))
    await kind.locator('[data-faults]').waitFor()
    assert.match(await kind.locator('[data-faults]').innerText(), /压缩包已损坏/)
    screen.forgive(/422/)
    await kind.locator('input[type=file]').setInputFiles(join(folder, '条件.docx'))
    await page.locator('[data-template=conditions][data-built-in=false]').waitFor()
    assert.match(await kind.innerText(), /条件\.docx/)
    await kind.getByRole('button', { name: /恢复为内置/ }).click()
    await page.locator('[data-template=conditions][data-built-in=true]').waitFor()
    await page.locator('[data-names-search]').fill('小区名')
    await until('one name', async () => (await page.locator('[data-names] li').count()) === 1)
    screen.clean()
    await screen.close()
  })

  it('a letter is a draft until it is kept as sent', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates?lang=zh&estate=${estate}&tab=steps`, desk, 'estate-reviewer')
    const { page } = screen
    const one = page.locator('[data-office]').first()
    await one.locator('[data-letter-state=draft]').waitFor()
    const path = await one.locator('[data-letter-file]').getAttribute('href')
    const draft = await reviewer(path)
    assert.equal(draft.headers.get('yike-letter'), 'draft')
    await one.locator('[data-letter-send]').click()
    await one.locator('[data-letter-state=sent]').waitFor()
    assert.match(await one.locator('[data-letter-state=sent]').innerText(), /定稿/)
    const sent = await reviewer(path)
    assert.equal(sent.headers.get('yike-letter'), 'sent')
    assert.deepEqual(Buffer.from(await sent.arrayBuffer()), Buffer.from(await draft.arrayBuffer()))
    screen.clean()
    await screen.close()
  })

  it('the page for the developer is one click away, for readers too, on the phone', async () => {
    const screen = await Screen.open(browser, `${server.url}/estates?lang=en&estate=${estate}`, phone, 'field-worker')
    const { page } = screen
    const link = page.locator('[data-estate=sheet]')
    await link.waitFor()
    assert.equal(await page.locator('[data-estate=edit]').count(), 0)
    const file = await (await server.as('field-worker'))(await link.getAttribute('href'))
    const text = Buffer.from(await file.arrayBuffer()).toString('latin1')
    assert.match(text, /^%PDF-/)
    assert.match(text, /\/Type \/Pages \/Count 1 /)
    screen.clean()
    await screen.close()
  })
})
