import { expect, test } from 'vitest'
import { countsOf, inUse, isEnded, nameFilterOf, neighbours, together, toneOf } from './nameList'

test('the address narrows the list, and what is empty does not', () => {
  expect(nameFilterOf(new URLSearchParams('q= 沣东 &class=street&state=&initial=F&heritage=true&other=1'))).toEqual({ q: '沣东', class: 'street', initial: 'F', heritage: 'true' })
  expect(nameFilterOf(new URLSearchParams(`q=${'路'.repeat(300)}`)).q).toHaveLength(100)
})

test('records are counted by state over all classes', () => {
  const counts = countsOf([{ class: 'street', state: 'approved', count: 3 }, { class: 'natural', state: 'approved', count: 2 }, { class: 'street', state: 'retired', count: 1 }])
  expect(counts).toEqual({ approved: 5, retired: 1 })
  expect(together(counts)).toBe(6)
  expect(together(counts, ['retired', 'merged'])).toBe(1)
  expect(countsOf([])).toEqual({})
})

test('a state is in use, over, or still to be decided', () => {
  expect(['approved', 'contested', 'customary'].every(inUse)).toBe(true)
  expect(inUse('retired')).toBe(false)
  expect(isEnded('merged')).toBe(true)
  expect(isEnded('proposed')).toBe(false)
  expect([toneOf('approved'), toneOf('reserved'), toneOf('customary'), toneOf('retired')]).toEqual(['good', 'busy', 'warn', ''])
})

test('a record has neighbours in the list', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
  expect(neighbours(rows, 'b')).toEqual({ before: 'a', next: 'c' })
  expect(neighbours(rows, 'a')).toEqual({ before: '', next: 'b' })
  expect(neighbours(rows, 'x')).toEqual({ before: '', next: '' })
})
