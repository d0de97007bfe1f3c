import { expect, it } from 'vitest'
import { queryOfQuestion } from './papers'

it('gives a kept question with its numbers', () => {
  expect(queryOfQuestion({ type: 'elderly_canteen', limit: '600', speed: '0.9', profile: 'elder', tier: '5', base: 'resident' })).toEqual({
    type: 'elderly_canteen',
    limit: 600,
    speed: 0.9,
    profile: 'elder',
    tier: '5',
    base: 'resident',
  })
  expect(queryOfQuestion({ type: 'x', metres: '500' })).toEqual({ type: 'x', metres: 500 })
})
