import { expect, it } from 'vitest'
import { Attempt } from './attempt'

function counted(): Attempt {
  let n = 0
  return new Attempt(() => `key-${(n += 1)}`)
}

it('keeps the key while the same is tried again', () => {
  const attempt = counted()
  const first = attempt.keyFor({ name: '东食堂', lon: 114.2 })
  expect(attempt.keyFor({ name: '东食堂', lon: 114.2 })).toBe(first)
})

it('takes a new key for another request', () => {
  const attempt = counted()
  const first = attempt.keyFor({ name: '东食堂' })
  const second = attempt.keyFor({ name: '西食堂' })
  expect(second).not.toBe(first)
  expect(attempt.keyFor({ name: '东食堂' })).not.toBe(first)
})

it('takes a new key once the request had its effect', () => {
  const attempt = counted()
  const first = attempt.keyFor('cancel')
  attempt.done()
  expect(attempt.keyFor('cancel')).not.toBe(first)
})
