import { describe, expect, it } from 'vitest'
import type { Facility } from '../api/types'
import { differing, metresBetween, suggested, valueIn } from './pair'

const record = (change: Partial<Facility>): Facility =>
  ({
    id: '1', type: 'canteen', name_zh: '甲', name_en: '', status: 'open', example: false, address: '', capacity: 0, serves: [], division_code: '1',
    lon: 117, lat: 39, stage: 'published', placed_by: 'given', place_confidence: 0, uscc: '', institution_code: '', bureau_no: '', fields: {},
    verified_on: null, replaced_by: [], ...change,
  }) as Facility

describe('two records', () => {
  it('are so far apart', () => {
    expect(metresBetween(record({}), record({ lat: 39.001 }))).toBeCloseTo(111.2, 1)
    expect(metresBetween(record({}), record({}))).toBe(0)
    expect(metresBetween(record({}), record({ lon: null, lat: null }))).toBeNull()
  })

  it('differ where the one that goes knows something else', () => {
    const gone = record({ address: '解放路 1 号', capacity: 80, lon: 117.1, bureau_no: 'A', fields: { seats: 40, operator: '甲公司' } })
    const into = record({ id: '2', capacity: 90, fields: { seats: 40 } })
    const pairs = differing(gone, into)
    expect(pairs.map((pair) => pair.field)).toEqual(['address', 'capacity', 'place', 'bureau_no', 'fields.operator'])
    expect(suggested(pairs)).toEqual(['address', 'bureau_no', 'fields.operator'])
    expect(differing(into, into)).toEqual([])
    expect(differing(record({ capacity: 3, fields: { beds: 3 } }), into, ['fields.beds']).map((pair) => pair.field)).toEqual(['capacity'])
    expect(valueIn(record({ lon: null }), 'place')).toBeNull()
  })
})
