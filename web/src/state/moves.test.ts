import { expect, it } from 'vitest'
import type { Version } from '../api/records.types'
import { movesOf } from './moves'

const version = (n: number, fields: Record<string, unknown>): Version => ({
  version: n, who: '', why: '', at: null, valid_from: null, valid_to: null, recorded_from: '', recorded_to: null,
  fields: Object.entries(fields).map(([field, after]) => ({ field, after })),
})

it('tells which versions moved a record, and from where', () => {
  const versions = [
    version(6, { lat: 39.2 }),
    version(5, { lon: 117.3, lat: 39.1 }),
    version(4, { lon: null, lat: null }),
    version(3, { lon: 117.2 }),
    version(2, { name_zh: '乙' }),
    version(1, { name_zh: '甲', lon: 117.1, lat: 39 }),
  ]
  expect([...movesOf(versions)]).toEqual([
    [3, { from: [117.1, 39], to: [117.2, 39] }],
    [6, { from: [117.3, 39.1], to: [117.3, 39.2] }],
  ])
  expect(movesOf([])).toEqual(new Map())
})
