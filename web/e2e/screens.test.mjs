// Every screen that needs nothing done first, in a real browser against the real server:
// in the language in which the other tests do not look at it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch, low, phone, Screen } from './screen.mjs'
import { missing, start } from './server.mjs'

const reason = missing()
if (reason && process.env.CI) throw new Error(reason)

const places = [
  { name: 'desk', lang: 'en', options: low },
  { name: 'phone', lang: 'zh', options: phone },
]

describe('every screen', { skip: reason || false }, () => {
  let server, browser

  before(async () => {
    server = await start()
    browser = await launch()
  })

  after(async () => {
    await browser?.close()
    await server?.stop()
  })

  for (const { name, lang, options } of places) {
    it(`is accessible at the ${name} in ${lang === 'en' ? 'English' : 'Chinese'}`, async () => {
      await everyScreen(name, lang, options)
    })
  }

  const openAs = (who, address, lang, options) => Screen.open(browser, `${server.url}${address}?lang=${lang}`, options, who)

  async function everyScreen(name, lang, options) {
    const visits = [
      ['planner', '/facilities', '#facilities-title'],
      ['planner', '/account', '.section form'],
      ['planner', '/jobs', 'form.section'],
      ['system-admin', '/jobs', '.section'],
      ['security-admin', '/admin/accounts', 'tr[data-account]'],
      ['security-admin', '/admin/policy', '.presets'],
      ['security-auditor', '/admin/audit', 'tr[data-action]'],
      ['read-only', '/admin/audit', '#forbidden-title'],
      ['read-only', '/nowhere', '#missing-title'],
    ]
    const nobody = await openAs('', '/', lang, options)
    await nobody.page.locator('[data-demo]').first().waitFor()
    await nobody.accessible(`signing in, ${name}, ${lang}`)
    await nobody.shot(`sign-in-${name}-${lang}`)
    nobody.clean()
    await nobody.close()
    for (const [who, address, part] of visits) {
      const screen = await openAs(who, address, lang, options)
      await screen.page.locator(part).first().waitFor()
      await screen.accessible(`${address} as ${who}, ${name}, ${lang}`)
      await screen.shot(`${address.replaceAll('/', '-').slice(1)}-${who}-${name}-${lang}`)
      if (lang === 'en') {
        const title = await screen.text('h1')
        assert.doesNotMatch(title, /[\u4e00-\u9fff]/)
      }
      screen.clean()
      await screen.close()
    }
  }
})
