import { chromium } from 'playwright-core'
import { AxeBuilder } from '@axe-core/playwright'
import { session } from '/work/wt/gaz/web/e2e/server.mjs'
const [base, api, ...jobs] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-compositing'] })
const [name, value] = (await session(api, process.env.AS ?? 'place-name-registrar')).split('=')
for (const job of jobs) {
  // out|path|desk or phone|click selectors by ;
  const [out, path, size = 'desk', clicks = ''] = job.split('|')
  const opt = size === 'phone' ? { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } : { viewport: { width: 1440, height: 900 } }
  const context = await browser.newContext({ locale: 'zh-CN', reducedMotion: 'reduce', ...opt })
  await context.addCookies([{ name, value, url: base.replace('http:', 'https:') }])
  const page = await context.newPage()
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type()) && !/GPU stall/.test(m.text())) console.log(out, m.type(), m.text().slice(0, 300)) })
  page.on('pageerror', (e) => console.log(out, 'uncaught', e.message))
  await page.goto(base + path)
  await page.waitForTimeout(3500)
  for (const c of clicks.split(';').filter(Boolean)) {
    if (c.startsWith('fill:')) { const [, sel, text] = c.split(':'); await page.locator(sel).first().fill(text) }
    else if (c.startsWith('sel:')) { const [, sel, text] = c.split(':'); await page.locator(sel).first().selectOption(text) }
    else await page.locator(c).first().click({ timeout: 8000 }).catch((e) => console.log(out, 'click', c, e.message.slice(0, 120)))
    await page.waitForTimeout(700)
  }
  await page.waitForTimeout(800)
  // the whole of the scroll box
  if (process.env.FULL) await page.evaluate(() => { const s = document.querySelector('.scroll'); if (s) { const h = s.scrollHeight; document.documentElement.style.height = document.body.style.height = `${h + 120}px`; document.querySelector('.frame').style.height = `${h + 110}px` } })
  await page.screenshot({ path: `/tmp/gaz/shots/${out}.png`, fullPage: Boolean(process.env.FULL) })
  if (process.env.AXE) { const r = await new AxeBuilder({ page }).exclude('.maplibregl-canvas').analyze(); for (const v of r.violations) console.log(out, v.id, v.nodes.map((n) => n.target.join(' ')).slice(0, 3)) }
  await context.close()
}
await browser.close()
