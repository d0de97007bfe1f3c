import { chromium } from 'playwright-core'
import { chromiumPath, session } from './server.mjs'
const url = 'http://127.0.0.1:8461'
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-compositing'] })
const api = async (as, path) => (await fetch(`${url}/api/v1/${path}`, { headers: { cookie: await session(url, as) } })).json()
const page = await api('plate-manager', 'plates?limit=1000')
console.log(page.total, JSON.stringify(page.counts), page.code ?? '')
const orders = await api('plate-manager', 'plate-orders')
console.log(orders.orders?.map((o) => [o.number, o.title, o.total, JSON.stringify(o.counts)]))
const way = await (await fetch(`${url}/api/v1/plate-routes`, { method: 'POST', headers: { cookie: await session(url, 'field-worker'), 'content-type': 'application/json', origin: url, 'idempotency-key': 'a' + Date.now() }, body: '{}' })).json()
console.log('way', way.stops?.length, way.metres, way.exact, way.walked, way.without?.length, way.detail ?? '')
const bad = page.plates?.find((p) => p.state === 'damaged'); const stale = page.plates?.find((p) => p.stale)
const delivered = page.plates?.find((p) => p.state === 'delivered')
const shots = [
  ['plates-zh', `/plates?lang=zh`, 'plate-manager', false],
  ['plates-en-phone', `/plates?lang=en`, 'plate-manager', true],
  ['plate-zh', `/plates?plate=${(bad ?? stale)?.token}&lang=zh`, 'plate-manager', false],
  ['orders-en', `/plates/orders?lang=en`, 'plate-manager', false],
  ['order-zh', `/plates/orders?order=${orders.orders?.at(-1)?.id}&lang=zh`, 'plate-manager', false],
  ['new-zh', `/plates/orders?new=1&lang=zh&name=${page.plates?.[0]?.name_id}`, 'plate-manager', false],
  ['field-zh', `/plates/field?lang=zh`, 'field-worker', true],
  ['door-zh', `/plates/field?plate=${way.stops?.find((s) => s.plate.may_fit)?.plate.token ?? delivered?.token}&lang=zh`, 'field-worker', true],
  ['field-en', `/plates/field?lang=en`, 'field-worker', true],
]
for (const [name, path, as, phone] of shots) {
  const context = await browser.newContext({ ...(phone ? { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } : { viewport: { width: 1440, height: 900 } }), locale: 'zh-CN' })
  const [n, v] = (await session(url, as)).split('=')
  await context.addCookies([{ name: n, value: v, url: url.replace('http:', 'https:') }])
  const p = await context.newPage()
  p.on('console', (m) => ['error', 'warning'].includes(m.type()) && !/GPU stall/.test(m.text()) && console.log(name, m.text().slice(0, 200)))
  p.on('pageerror', (e) => console.log(name, 'PAGEERROR', e.message))
  await p.goto(url + path)
  await p.locator('.menu > button').waitFor({ timeout: 60000 })
  await p.waitForTimeout(4000)
  if (name === 'new-zh') { await p.locator('[data-choose]').click(); await p.waitForTimeout(2500) }
  await p.screenshot({ path: `/tmp/plate/shots/${name}.png`, fullPage: false })
  const wide = await p.evaluate(() => document.documentElement.scrollWidth)
  console.log(name, wide)
  await context.close()
}
await browser.close()
