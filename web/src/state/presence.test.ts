import { expect, it } from 'vitest'
import { Presence } from './presence'

it('knows that somebody was there by what they touched', () => {
  const page = new EventTarget()
  let now = 1000
  const presence = new Presence(page, () => now)
  now = 5999
  expect(presence.goneFor(5000)).toBe(false)
  now = 6000
  expect(presence.goneFor(5000)).toBe(true)
  page.dispatchEvent(new Event('keydown'))
  expect(presence.goneFor(5000)).toBe(false)
  now = 11_000
  page.dispatchEvent(new Event('scroll'))
  expect(presence.goneFor(5000)).toBe(true)
})
