import { expect, it } from 'vitest'
import type { AccessAnswer, AccessSpread, AccessTotals } from '../../api/access.types'
import { palette } from '../../map/palette'
import { breaksOf, classOf, colourOf, shadeOf, shadeOfChange } from './classes'
import { divisionsCsv, facilitiesCsv, geojsonOf } from './files'
import { levelOf, levelsOf } from './levels'
import { capacitiesOf, questionOf, withCapacity } from './question'
import { formatOrder, inOrder, orderOf } from './sort'
import { difference, places } from './words'

const usual = { type: 'elderly_canteen', limit: 900, speed: 0.9, base: 'resident', band: '70+' }
const ask = (query: string) => {
  const params = new URLSearchParams(query)
  return questionOf((key) => params.get(key) ?? '', usual)
}

it('an address that says nothing asks what is usual', () => {
  expect(ask('')).toEqual({ ...usual, method: 'gaussian' })
})

it('an address asks what it says, and what makes no sense is left out', () => {
  expect(ask('method=3sfca&limit=600&speed=1.2&profile=elder&unknown=80&under=20&band=60%2B&at=12:00&tier=15&plan=cx&cap=x:7;:3;y:z')).toEqual({
    ...usual, band: '60+', method: '3sfca', limit: 600, speed: 1.2, profile: 'elder', capacity_for_unknown: 80, under: [20], at: '12:00', tier: '15',
    steps: [{ do: 'close', id: 'x' }], capacities: [{ id: 'x', capacity: 7 }],
  })
  expect(ask('method=4sfca&limit=x&unknown=-3&under=0&profile=bird&plan=0')).toEqual(ask(''))
  const { limit: _limit, speed: _speed, ...rest } = usual
  expect(ask('metres=500&limit=600&profile=elder')).toEqual({ ...rest, method: 'gaussian', metres: 500 })
})

it('capacities of a plan go into the address and come back', () => {
  expect(withCapacity('', 'a-1', 30)).toBe('a-1:30')
  expect(withCapacity('a-1:30;b:4', 'a-1', 0)).toBe('b:4;a-1:0')
  expect(withCapacity('a-1:30;b:4', 'b', undefined)).toBe('a-1:30')
  expect(capacitiesOf('a:1;a:2;a b:3;c:1e9')).toEqual([{ id: 'a', capacity: 2 }])
})

it('classes hold about as many values each, and none is none of them', () => {
  const breaks = breaksOf([0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(breaks).toEqual([2, 4, 6, 8, 10])
  expect([0, 1, 2, 2.1, 10, 11].map((value) => classOf(value, breaks))).toEqual([0, 1, 1, 2, 5, 5])
  expect(breaksOf([3, 3, 3])).toEqual([3])
  expect(breaksOf([0])).toEqual([])
  expect(breaks.map((_, i) => shadeOf(i + 1, breaks)).every((shade, i, all) => shade <= 1 && (i === 0 || shade > (all[i - 1] ?? 1)))).toBe(true)
  expect(shadeOf(0, breaks)).toBeLessThan(0)
  expect([shadeOfChange(0, 5), shadeOfChange(5, 5), shadeOfChange(-5, 5), shadeOfChange(1, 0)]).toEqual([0, 1, -1, 0])
  expect([colourOf(0), colourOf(1), colourOf(-1)]).toEqual([palette.shareLow, palette.shareHigh, palette.gap].map((each) => each.toLowerCase()))
})

it('an order is read from the address, and rows without a value come last', () => {
  expect(orderOf('-mean', ['mean'], { key: 'name', descending: false })).toEqual({ key: 'mean', descending: true })
  expect(orderOf('fame', ['mean'], { key: 'name', descending: false })).toEqual({ key: 'name', descending: false })
  expect(formatOrder({ key: 'mean', descending: true })).toBe('-mean')
  const rows = [{ v: 2 }, { v: null }, { v: 3 }]
  const by = (descending: boolean) => inOrder(rows, { key: 'v', descending }, (row) => row.v, 'zh').map((row) => row.v)
  expect(by(false)).toEqual([2, 3, null])
  expect(by(true)).toEqual([3, 2, null])
})

it('a little is never none', () => {
  expect([0, 0.001, 0.5, 12.34, 1234, null].map((value) => places(value, 'en'))).toEqual(['0', '<0.01', '0.50', '12.3', '1,234', '–'])
  expect([2, -2, 0].map((value) => difference(value, 'en'))).toEqual(['+2.00', '−2.00', '0'])
})

const spread = (mean: number): AccessSpread => ({
  people: 10, mean, p10: 0, p25: 1, p50: 2, p75: 3, p90: 4, without: 1, below_half: 2, below_half_share: 0.2, gini: 0.5, under: [{ places: 20, people: 3, share: 0.3 }],
})
const totals = (mean: number): AccessTotals => ({
  ...spread(mean), unsnapped: 0, supply: 5, supply_reached: 5, handed_out: 5, people_per_place: 2, lorenz: [0, 1],
  capacities: { open: 1, recorded: 1, stated: 0, planned: 0, unknown: 0, zero: 0, unreached: 0 },
})
const share = { capacity: 5, capacity_source: 'recorded' as const, counts: true, within: 10, demand: 10, ratio: 500, people_per_place: 2, load: 1 }
const answer: AccessAnswer = {
  query: { type: 'elderly_canteen', limit: 900, speed: 0.9, metres: null, profile: 'plain', at: '', tier: '', base: 'resident' }, version: 'v1', band: '70+', method: 'gaussian',
  unit: { unit: 'meals_per_day', zh: '份/日', en: 'meals a day' }, capacity_for_unknown: 0, untiered: 0, law: { zh: '', en: '' },
  before: totals(500), after: null, change: null,
  divisions: [
    { code: '1', level: 'subdistrict', parent: '', name_zh: '甲', name_en: 'A', before: spread(500), after: null, change: null, geometry: { type: 'MultiPolygon', coordinates: [] } },
    { code: '11', level: 'community', parent: '1', name_zh: '=乙', name_en: 'B, b', before: spread(500), after: null, change: null, geometry: null },
  ],
  facilities: [{ id: 'x', name_zh: '丙"', name_en: '', lon: 114.1, lat: 30.6, added: false, moved: false, example: false, snapped: true, before: share, after: null }],
}

it('tables run nothing and keep their columns, with a plan and without', () => {
  for (const a of [answer, { ...answer, after: totals(600), divisions: answer.divisions.map((d) => ({ ...d, after: spread(600), change: { mean: 100, more: 10, less: 0 } })) }]) {
    for (const text of [divisionsCsv(a), facilitiesCsv(a)]) {
      const [head, ...rows] = text.trimEnd().split('\r\n')
      for (const row of rows) expect(row.replaceAll('"B, b"', 'B').split(',').length).toBe(head?.split(',').length)
    }
  }
  expect(divisionsCsv(answer)).toContain(`11,community,'=乙,"B, b",10,500`)
  expect(facilitiesCsv(answer)).toContain('x,"丙""",,114.1,30.6,false,false,5,recorded')
})

it('the map file holds areas and points', () => {
  const file = JSON.parse(geojsonOf(answer))
  expect(file.features.map((f: { properties: { kind: string } }) => f.properties.kind)).toEqual(['division', 'division', 'facility'])
  expect(file.features[2].geometry).toEqual({ type: 'Point', coordinates: [114.1, 30.6] })
  expect([file.features[0].geometry.type, file.features[1].geometry, file.access.unit]).toEqual(['MultiPolygon', null, 'meals_per_day'])
})

it('communities are shown where there are any', () => {
  expect(levelsOf(answer)).toEqual(['subdistrict', 'community'])
  expect([levelOf(answer, ''), levelOf(answer, 'subdistrict'), levelOf(answer, 'city')]).toEqual(['community', 'subdistrict', 'community'])
  expect(levelOf({ ...answer, divisions: [] }, '')).toBe('')
})
