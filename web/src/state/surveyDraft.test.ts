import { describe, expect, it } from 'vitest'
import type { Fix, NotedPoint, SurveySite } from '../api/nameSurvey.types'
import { begun, directionOf, dotted, measured, metresBetween, metresOf, newDraft, walked, wanting, withFix, writesOf } from './surveyDraft'

const site = { case_id: 'c/1', number: '2026-001', text: '澜汀路' } as SurveySite
const draft = () => newDraft('d', { site, codes: { point_kinds: [], directions: [], agreements: [] } }, '2026-11-28', { office: '街道办', name: '李' })
/** metres to the east of a place, seconds after a moment */
const fix = (east: number, second: number, accuracy_m = 5): Fix => ({ t: 1000 * second, lon: 117 + east / 86_500, lat: 39, accuracy_m })

describe('a track', () => {
  it('takes who walks and leaves out who stands, masts and the past', () => {
    let track: Fix[] = []
    for (const each of [fix(0, 0), fix(1, 1), fix(2, 2), fix(500, 3, 400), fix(20, 10), fix(40, 9), fix(41, 20, 30), fix(60, 30)]) track = withFix(track, each)
    expect(track).toEqual([fix(0, 0), fix(20, 10), fix(60, 30)])
    expect(walked(track)).toBeGreaterThan(59)
    expect(walked(track)).toBeLessThan(61)
    expect(walked([])).toBe(0)
  })

  it('measures between start and end, either way', () => {
    const track = [fix(-200, 0), fix(0, 100), fix(100, 150), fix(300, 250)]
    const points: NotedPoint[] = [{ ...fix(1, 100), kind: 'start' }, { ...fix(299, 250), kind: 'end' }]
    const there = measured({ track, points })
    expect(there?.direction).toBe('east_west')
    expect(Math.abs((there?.metres ?? 0) - 300)).toBeLessThan(3)
    expect(measured({ track: track.toReversed(), points })?.metres).toBe(there?.metres)
    expect(measured({ track, points: points.slice(1) })).toBeNull()
    expect(measured({ track: [], points })).toBeNull()
    expect(measured({ track, points: [{ ...fix(2000, 0), kind: 'start' }, points[1]!] })).toBeNull()
  })

  it('is dots that are near to one another', () => {
    const dots = dotted([fix(0, 0), fix(100, 60), fix(105, 65)])
    expect(dots).toHaveLength(12)
    expect(dots.at(-1)).toEqual([fix(105, 65).lon, 39])
    expect(dotted([])).toEqual([])
    expect(dotted([fix(0, 0), fix(100_000, 60)]).length).toBeLessThan(402)
  })

  it('knows eight directions of lines without arrows', () => {
    const o = { lon: 117, lat: 39 }
    expect(directionOf(o, { lon: 117.01, lat: 39 })).toBe('east_west')
    expect(directionOf(o, { lon: 117, lat: 39.01 })).toBe('north_south')
    expect(directionOf(o, { lon: 117.01, lat: 39.0077 })).toBe('northeast_southwest')
    expect(directionOf(o, { lon: 116.99, lat: 39.0077 })).toBe('northwest_southeast')
    expect(metresBetween(o, o)).toBe(0)
  })
})

describe('a visit', () => {
  it.each([
    ['', null],
    [' 12,5 ', 12.5],
    ['430', 430],
    ['4e2', NaN],
    ['-3', NaN],
    ['十米', NaN],
  ])('%j metres is %j', (typed, metres) => expect(metresOf(typed)).toEqual(metres))

  it('says what is wanting', () => {
    const d = draft()
    expect(wanting(d)).toEqual(['evidence'])
    expect(begun(d)).toBe(false)
    expect(wanting({ ...d, people: [{ office: ' ' }], photos: [{ blob: 'b', title: '1' }], agreement: 'differs', length: 'x', width: 'y' })).toEqual(['people', 'remark', 'length', 'width'])
    expect(begun({ ...d, note: '晴' })).toBe(true)
  })

  it('is handed in as one write, and one for each photo that names the visit', () => {
    const d = { ...draft(), photos: [{ blob: 'b1', title: '照片 1' }, { blob: 'b2', title: '照片 2' }], length: '430', direction: 'east_west', remark: ' ', people: [{ office: '街道办' }, { office: '', name: '' }] }
    const writes = writesOf(d, 'k', '踏勘', { visit: '踏勘', photo: (n) => `照片 ${n}` })
    expect(writes.map((each) => [each.key, each.path, each.chain])).toEqual([
      ['k', 'name-cases/c%2F1/visits', 'd'],
      ['k-1', 'name-visits/{k}/attachments', 'd'],
      ['k-2', 'name-visits/{k}/attachments', 'd'],
    ])
    expect(writes[0]?.body).toEqual({ day: '2026-11-28', people: [{ office: '街道办' }], track: [], points: [], findings: { length_m: 430, direction: 'east_west' }, note: '', reason: '踏勘' })
    expect(writes[2]?.file).toEqual({ blob: 'b2', name: '2.jpg', fields: { kind: 'photo', title: '照片 2' } })
  })
})
