// People, roles, audit and jobs in a real browser against the real server: at
// the desk in Chinese and on the phone in English.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { fillSignIn, launch, low, phone, Screen, signIn, until } from './screen.mjs'
import { demoPassword, missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const STRONG = 'Kettle-orange-91-lamp'

/** The code that an authenticator shows, `ahead` steps from now (RFC 6238). */
function codeOf(secret, ahead = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead))
  const sum = createHmac('sha1', key).update(step).digest()
  const at = sum[19] & 15
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, '0')
}

const words = {
  zh: { wrong: /不对|不正确/, right: '看审计日志', whom: '安全管理员', out: '退出登录', done: '完成', planner: '规划人员' },
  en: { wrong: /wrong/i, right: 'see the audit log', whom: 'security administrator', out: 'Sign out', done: 'done', planner: 'Planner' },
}

const places = [
  { name: 'desk', lang: 'zh', options: low, totpUser: 'expert' },
  { name: 'phone', lang: 'en', options: phone, totpUser: 'committee-member' },
]

describe('people and work', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  for (const place of places) describe(`${place.name}, ${place.lang}`, () => walk(place))

  function walk({ name, lang, options, totpUser }) {
    const w = words[lang]
    const as = (who, address) => Screen.open(browser, `${server.url}${address}${address.includes('?') ? '&' : '?'}lang=${lang}`, options, who)
    const id = `e2e.${name}`

    async function signOut(screen) {
      const { page } = screen
      // The page that waits for the map has a menu of its own, which goes with it.
      await until('a page', () => page.locator('.menu > button').count())
      if (new URL(page.url()).pathname.match(/^\/(login)?$/)) await screen.settled()
      await page.locator('.menu > button').click()
      await page.getByRole('button', { name: w.out, exact: true }).click()
      await page.locator('[name=username]').waitFor()
    }

    it('asks who is there, says what was wrong, and goes where one was going', async () => {
      const screen = await as('', '/admin/audit')
      const { page } = screen
      await page.locator('[name=username]').waitFor()
      const polled = []
      page.on('request', (request) => request.url().includes('/api/v1/status') && polled.push(request.allHeaders()))
      assert.equal(await page.locator('[name=username]').getAttribute('autocomplete'), 'username')
      assert.equal(await page.locator('[name=password]').getAttribute('autocomplete'), 'current-password')
      await fillSignIn(page, 'read-only', 'not the password')
      await until('the words', async () => w.wrong.test(await screen.text('.alert')))
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'password')
      await screen.accessible('a refused sign-in')
      screen.forgive(/401/)
      await signIn(page, 'read-only')
      // A page that one may not see says which right is missing, and whom to ask.
      const text = await until('the forbidden page', () => screen.text('main'))
      assert.ok(text.includes(w.right) && text.includes('audit.read') && text.includes(w.whom), text)
      assert.equal(new URL(page.url()).pathname, '/admin/audit')
      assert.equal(await page.locator('[data-task=admin]').count(), 0)
      await screen.accessible('the forbidden page')
      await signOut(screen)
      await page.goto(`${server.url}/login?next=//elsewhere.example/&lang=${lang}`)
      await signIn(page, 'read-only')
      await until('the map', () => new URL(page.url()).pathname === '/')
      await screen.settled()
      // What the page asks by itself must not keep the session of somebody who left.
      assert.ok(polled.length > 0)
      for (const headers of await Promise.all(polled)) assert.equal(headers.cookie, undefined)
      screen.clean()
      await screen.close()
    })

    it('signs in with one click in the demo', async () => {
      const screen = await as('', '/account')
      await screen.page.locator('[data-demo=planner]').click()
      await screen.page.locator('.menu > button').click()
      assert.ok((await screen.text('.menu .panel')).includes(w.planner))
      screen.clean()
      await screen.close()
    })

    it('sets up one-time codes, and signs in with a code, and with a recovery code', async () => {
      const screen = await as(totpUser, '/account')
      const { page } = screen
      const section = page.locator('section:has(#totp-title)')
      await section.locator('button.primary').click()
      await section.locator('img').waitFor()
      assert.ok(await section.locator('img').evaluate((img) => img.complete && img.naturalWidth > 0), 'the QR code is drawn')
      const secret = (await section.locator('output').innerText()).replace(/\s/g, '')
      await section.locator('[name=code]').fill('000000')
      await section.locator('form button.primary').click()
      await section.locator('.error').waitFor()
      screen.forgive(/4\d\d/)
      await screen.accessible('setting up one-time codes')
      await section.locator('[name=code]').fill(codeOf(secret))
      await section.locator('form button.primary').click()
      await section.locator('ol li').first().waitFor()
      const recovery = await section.locator('ol li').allInnerTexts()
      assert.equal(recovery.length, 10)
      await screen.accessible('the recovery codes')
      await section.getByRole('button').last().click()
      await section.locator('ol').waitFor({ state: 'detached' })
      await signOut(screen)

      const password = await demoPassword(server.url, totpUser)
      const codeBox = page.locator('[name=code]')
      await fillSignIn(page, totpUser, password)
      await codeBox.waitFor()
      screen.forgive(/401/)
      assert.equal(await codeBox.getAttribute('autocomplete'), 'one-time-code')
      await screen.accessible('asking for the code')
      await codeBox.fill('123456')
      await page.locator('form button.primary').click()
      await page.locator('.error').waitFor()
      screen.forgive(/401/)
      // A code works once, so this is the next one, which clocks that differ allow.
      await codeBox.fill(codeOf(secret, 1))
      await page.locator('form button.primary').click()
      await page.locator('.menu > button').waitFor()
      await signOut(screen)

      await fillSignIn(page, totpUser, password)
      await codeBox.waitFor()
      await page.locator('form button.link').last().click()
      await codeBox.fill(recovery[0])
      await page.locator('form button.primary').click()
      await page.locator('.menu > button').waitFor()
      screen.forgive(/401/)
      await page.goto(`${server.url}/account?lang=${lang}`)
      await section.getByRole('button').first().click()
      await section.locator('[name=password]').fill(password)
      await section.locator('form button.danger').click()
      await section.locator('button.primary').waitFor()
      screen.clean()
      await screen.close()
    })

    it('makes an account, which chooses its own password, and gives it a role', async () => {
      const admin = await as('system-admin', '/admin/accounts')
      const { page } = admin
      await page.locator('.bar button.primary').click()
      await admin.accessible('the form of an account')
      await page.locator('[name=new-account]').fill('Not A Name')
      await page.locator('dialog button.primary').click()
      await page.locator('dialog .error').first().waitFor()
      await page.locator('[name=new-account]').fill(id)
      await page.locator('dialog input').nth(1).fill('李娜')
      await page.locator('dialog input[type=tel]').fill('13912345678')
      await page.locator('dialog button.primary').click()
      const password = await page.locator('dialog output').innerText()
      await admin.accessible('the one-time password')
      await page.locator('dialog button.primary').click()
      const drawer = page.locator('.drawer')
      await until('the account', async () => (await drawer.innerText()).includes('139****5678'))
      await drawer.getByRole('button', { name: lang === 'zh' ? '看完整号码' : 'Show the whole number' }).click()
      await page.locator('dialog textarea').fill('紧急联系')
      await page.locator('dialog button.primary').click()
      await until('the number', async () => (await drawer.innerText()).includes('13912345678'))
      await admin.accessible('an account')
      await admin.shot(`account-${name}-${lang}`)
      admin.clean()
      await admin.close()

      const security = await as('security-admin', `/admin/accounts?q=${id}`)
      await security.page.locator(`[data-account="${id}"] th button`).click()
      await security.page.locator('.drawer section .verbs button').click()
      await security.page.locator('dialog select').selectOption('planner')
      await security.page.locator('dialog [type=radio]').nth(1).check()
      await security.page.locator('dialog button.primary').click()
      await security.page.locator('dialog .error').waitFor()
      await security.accessible('giving a role')
      await security.page.locator('dialog textarea').fill('到岗')
      await security.page.locator('dialog button.primary').click()
      await security.page.locator('dialog').waitFor({ state: 'detached' })
      await until('the role', async () => (await security.text('.drawer')).includes(w.planner))
      security.clean()
      await security.close()

      const own = await as('', '/')
      await fillSignIn(own.page, id, password)
      await own.page.locator('[name=old]').waitFor()
      assert.equal(await own.page.locator('nav').count(), 0, 'nothing else may be done')
      await own.accessible('choosing a password')
      await own.page.locator('[name=old]').fill(password)
      await own.page.locator('[name=new]').fill(STRONG)
      await own.page.locator('[name=again]').fill(`${STRONG}x`)
      await own.page.locator('form button.primary').click()
      assert.equal(await own.page.locator('#password-rules .missed').count(), 1)
      await own.page.locator('[name=again]').fill(STRONG)
      await own.page.locator('form button.primary').click()
      await own.settled()
      own.clean()
      await own.close()
    })

    it('keeps what was done in the audit log, before and after', async () => {
      const screen = await as('security-auditor', '/admin/audit')
      const { page } = screen
      await page.locator('tr[data-action]').first().waitFor()
      if (name === 'phone') await page.locator('details > summary').first().click()
      await page.locator('input[list=audit-actions]').fill('account.create')
      await page.locator('[role=search] button.primary').click()
      await until('the filter in the address', () => screen.params().get('action') === 'account.create')
      await until('only those', async () => {
        const actions = await page.locator('tr[data-action]').evaluateAll((rows) => rows.map((row) => row.dataset.action))
        return actions.length > 0 && actions.every((action) => action === 'account.create')
      })
      await page.locator('tr[data-action] th button').first().click()
      const drawer = page.locator('.drawer')
      await drawer.waitFor()
      assert.ok((await drawer.innerText()).includes(id), 'the newest account is the newest entry')
      await screen.accessible('an entry of the audit log')
      await screen.shot(`audit-${name}-${lang}`)
      await page.keyboard.press('Escape')
      await drawer.waitFor({ state: 'detached' })
      await page.locator('.status .verbs button').click()
      await page.locator('.status .told').waitFor()
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.status a[download]').click()])
      assert.equal(await download.failure(), null)
      screen.clean()
      await screen.close()
    })

    it('makes a coverage report in the background and shows it end', async () => {
      const screen = await as('planner', '/jobs')
      const { page } = screen
      await page.locator('form.section button.primary').waitFor()
      await page.locator('form.section .types input').nth(1).check()
      await page.locator('form.section button.primary').click()
      const job = page.locator('article[data-job]').first()
      await job.waitFor()
      const mine = await until('the job in focus', () => page.evaluate(() => document.activeElement?.dataset?.job))
      const card = page.locator(`article[data-job="${mine}"]`)
      await until('its end', async () => (await card.getAttribute('data-state')) === 'done')
      assert.ok((await card.innerText()).includes(w.done))
      await until('the mark to go', async () => (await page.locator('[data-task=jobs] .dot').count()) === 0)
      const table = await card.locator('a[download]').getAttribute('href')
      assert.equal(await page.evaluate(async (href) => (await fetch(href)).status, table), 200)
      await screen.accessible('the jobs')
      await screen.shot(`jobs-${name}-${lang}`)
      screen.clean()
      await screen.close()
    })

    it('says when the session ended, and goes on where it was', async () => {
      const screen = await as('planner', '/account')
      const { page } = screen
      const department = page.locator('#mine-title + form input, section:has(#mine-title) input').nth(2)
      await department.waitFor()
      const typed = `规划科 ${name}`
      await department.fill(typed)
      const address = page.url()
      await page.context().clearCookies()
      // Something else may have found out first, and then the button is covered.
      await page.locator('section:has(#mine-title) form button.primary').evaluate((button) => button.click())
      const dialog = page.locator('dialog[open]')
      await dialog.waitFor()
      assert.equal(page.url(), address)
      await screen.accessible('a session that ended')
      await screen.shot(`ended-${name}-${lang}`)
      await page.keyboard.press('Escape')
      assert.equal(await dialog.count(), 1, 'nobody reads on')
      await dialog.locator('[name=password]').fill(await demoPassword(server.url, 'planner'))
      await dialog.locator('button.primary').click()
      await dialog.waitFor({ state: 'detached' })
      assert.equal(page.url(), address)
      assert.equal(await department.inputValue(), typed)
      screen.forgive(/401/)
      await page.locator('section:has(#mine-title) form button.primary').click()
      await until('it is saved', () => page.locator('section:has(#mine-title) form button.primary').isDisabled())
      screen.clean()
      await screen.close()
    })
  }
})
