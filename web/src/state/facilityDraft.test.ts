import { describe, expect, it } from 'vitest'
import type { FacilityContent } from '../api/records.types'
import { check, contentOf, draftOf, emptyDraft, placeText, wire, type Draft, type Since } from './facilityDraft'

const content: FacilityContent = {
  type: 'elderly_canteen',
  name_zh: '东食堂',
  name_en: '',
  status: 'open',
  address: '解放路 1 号',
  capacity: 0,
  serves: ['990100100001', '990100100002'],
  lon: 114.27,
  lat: 30.63,
}
const bounds: [number, number, number, number] = [114, 30, 115, 31]
const since: Since = { kind: 'day', day: '2026-11-23' }

function wrong(change: Partial<Draft>, reason = '现场核实', when = since): object {
  return check({ ...draftOf(content), ...change }, reason, when, '2026-11-23', bounds)
}

describe('a draft', () => {
  it('comes back as what it was made of', () => {
    expect(contentOf(draftOf(content))).toEqual(content)
    expect(contentOf(draftOf({ ...content, capacity: 80 })).capacity).toBe(80)
  })

  it('is right as it stands in a record', () => {
    expect(wrong({})).toEqual({})
  })

  it.each([
    [{ name_zh: ' ' }, { name_zh: 'required' }],
    [{ type: '' }, { type: 'required' }],
    [{ capacity: '-1' }, { capacity: 'capacity' }],
    [{ capacity: '1.5' }, { capacity: 'capacity' }],
    [{ capacity: '八十' }, { capacity: 'capacity' }],
    [{ lon: '', lat: '' }, { place: 'placeMissing' }],
    [{ lon: '', lat: '30.5' }, { place: 'place' }],
    [{ lon: '30.6', lat: '114.3' }, { place: 'place' }],
    [{ lon: '116', lat: '30.5' }, { place: 'placeOutside' }],
  ] as [Partial<Draft>, object][])('with %j has %j', (change, want) => {
    expect(wrong(change)).toEqual(want)
  })

  it('needs a reason and a day that has come', () => {
    expect(wrong({}, ' ')).toEqual({ reason: 'required' })
    expect(wrong({}, 'x', { kind: 'day', day: '2026-11-24' })).toEqual({ valid_from: 'day' })
    expect(wrong({}, 'x', { kind: 'day', day: '' })).toEqual({ valid_from: 'day' })
    expect(wrong({}, 'x', { kind: 'correction', day: '' })).toEqual({})
  })

  it('begins without a place', () => {
    expect(check(emptyDraft('meal_point'), 'x', since, '2026-11-23', null)).toEqual({ name_zh: 'required', place: 'placeMissing' })
  })
})

describe('a record that is not placed', () => {
  const nowhere = { ...content, lon: null, lat: null }

  it('comes back as it was, and may stay so', () => {
    const draft = draftOf(nowhere)
    expect(contentOf(draft)).toEqual(nowhere)
    expect(check(draft, 'x', since, '2026-11-23', bounds, true)).toEqual({})
    expect(check(draft, 'x', since, '2026-11-23', bounds)).toEqual({ place: 'placeMissing' })
    expect(check({ ...draft, lon: '114.5' }, 'x', since, '2026-11-23', bounds, true)).toEqual({ place: 'place' })
  })

  it('is sent without a place', () => {
    expect(wire(nowhere)).toEqual({ ...nowhere, lon: undefined, lat: undefined, unplaced: true })
    expect(wire({ lon: 114.5, lat: 30.5, capacity: 1 })).toEqual({ lon: 114.5, lat: 30.5, capacity: 1 })
    expect(wire({ capacity: 1 })).toEqual({ capacity: 1 })
  })
})

it('writes a place to a tenth of a metre', () => {
  expect(placeText(114.27000049, 30.63123456)).toEqual({ lon: '114.27', lat: '30.631235' })
})
