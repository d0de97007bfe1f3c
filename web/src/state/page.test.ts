import { describe, expect, it } from 'vitest'
import { addressOf, isNamePage, namePages, nameRulePages, pageOf, safeNext } from './page'

describe('the screen of an address', () => {
  it.each([
    ['/', 'map'],
    ['/facilities', 'map'],
    ['/facilities/', 'map'],
    ['/login', 'login'],
    ['/account', 'account'],
    ['/admin', 'accounts'],
    ['/admin/accounts', 'accounts'],
    ['/admin/policy', 'policy'],
    ['/admin/audit/', 'audit'],
    ['/jobs', 'jobs'],
    ['/jobs/1', 'missing'],
    ['/nothing', 'missing'],
    ['/names', 'names'],
    ['/names/desk', 'nameDesk'],
    ['/names/case', 'nameCase'],
  ])('%s is %s', (path, page) => {
    expect(pageOf(path)).toBe(page)
  })

  it('comes back from the address of a screen', () => {
    for (const page of ['map', 'login', 'account', 'accounts', 'policy', 'audit', 'jobs'] as const) {
      expect(pageOf(new URL(addressOf(page, 'en'), 'http://x').pathname)).toBe(page)
    }
  })
})

it('knows the screens of place names', () => {
  expect(isNamePage('names')).toBe(true)
  for (const page of [...namePages, ...nameRulePages]) {
    expect(isNamePage(page)).toBe(true)
    expect(pageOf(new URL(addressOf(page, 'en'), 'http://x').pathname)).toBe(page)
  }
  expect(isNamePage('estates')).toBe(false)
  expect(isNamePage('missing')).toBe(false)
})

describe('where to go on after signing in', () => {
  it.each([
    ['/admin/audit?lang=en&from=2026-01-01', '/admin/audit?lang=en&from=2026-01-01'],
    ['/?v=14/30.6/114.2', '/?v=14/30.6/114.2'],
    [null, '/'],
    ['', '/'],
    ['https://elsewhere.example/', '/'],
    ['//elsewhere.example/', '/'],
    ['/\\elsewhere.example', '/'],
    ['/a\\b', '/'],
    ['/\t/elsewhere.example', '/'],
    ['javascript:alert(1)', '/'],
    ['jobs', '/'],
    ['/login?next=/jobs', '/'],
  ])('%s leads to %s', (next, want) => {
    expect(safeNext(next)).toBe(want)
  })
})
