import { describe, expect, it } from 'vitest'
import { merge, patchOf } from './merge'

const base = { name: '东食堂', capacity: 60, serves: ['1'] }

describe('merging', () => {
  it('takes what only the other changed', () => {
    expect(merge(base, { ...base, name: '西食堂' }, { ...base, capacity: 80 })).toEqual({
      value: { name: '西食堂', capacity: 80, serves: ['1'] },
      taken: ['capacity'],
      conflicts: [],
    })
  })

  it('asks where both changed otherwise, and keeps mine until then', () => {
    const { value, taken, conflicts } = merge(base, { ...base, serves: ['1', '2'] }, { ...base, serves: ['3'] })
    expect(value.serves).toEqual(['1', '2'])
    expect(taken).toEqual([])
    expect(conflicts).toEqual([{ field: 'serves', base: ['1'], mine: ['1', '2'], theirs: ['3'] }])
  })

  it('does not ask where both changed to the same', () => {
    const both = { ...base, capacity: 90 }
    expect(merge(base, both, { ...both })).toEqual({ value: both, taken: [], conflicts: [] })
  })
})

it('meets field by field, also where one of them added it', () => {
  const fields: Record<string, unknown> = { name: '东食堂', 'fields.beds': 10 }
  expect(merge(fields, { ...fields, 'fields.beds': 12 }, { ...fields, 'fields.seats': 40 })).toEqual({
    value: { ...fields, 'fields.beds': 12, 'fields.seats': 40 },
    taken: ['fields.seats'],
    conflicts: [],
  })
  expect(patchOf(fields, { ...fields, 'fields.seats': null })).toEqual({})
})

it('sends only what changed', () => {
  expect(patchOf(base, { ...base, capacity: 61 })).toEqual({ capacity: 61 })
  expect(patchOf(base, { ...base, serves: ['1'] })).toEqual({})
})
