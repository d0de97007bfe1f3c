import { describe, expect, it } from 'vitest'
import { changesOf, plainValue } from './values'

describe('what changed', () => {
  it('is the fields that differ', () => {
    expect(changesOf({ a: 1, b: [1, 2], c: null }, { a: 1, b: [2, 1], d: 'x' })).toEqual([
      { field: 'b', before: [1, 2], after: [2, 1] },
      { field: 'd', before: null, after: 'x' },
    ])
  })

  it('is everything of a thing that was not there', () => {
    expect(changesOf(undefined, { name: '东食堂' })).toEqual([{ field: 'name', before: null, after: '东食堂' }])
    expect(changesOf({ name: '东食堂' }, null)).toEqual([{ field: 'name', before: '东食堂', after: null }])
  })

  it('is told of what is no object, too', () => {
    expect(changesOf(1, 2)).toEqual([{ field: 'value', before: 1, after: 2 }])
    expect(changesOf(null, undefined)).toEqual([])
  })
})

it.each([
  [null, ''],
  [undefined, ''],
  [true, 'yes'],
  [0, '0'],
  [['a', 'b'], 'a, b'],
  [{ role: 'planner' }, '{"role":"planner"}'],
])('%j reads %j', (value, want) => {
  expect(plainValue(value, 'yes', 'no')).toBe(want)
})
