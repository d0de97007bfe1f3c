import { describe, expect, it } from 'vitest'
import type { FacilityContent } from '../api/records.types'
import type { TypeField } from '../api/standards.types'
import type { Facility } from '../api/types'
import { check, contentOf, contentOfRecord, draftOf, emptyDraft, placeText, wire, type Declared, type Draft, type Since } from './facilityDraft'
import { patchOf } from './merge'
import { checkFields, fieldsOn, missingFields, type TypedFields } from './typeFields'

const content: FacilityContent = {
  type: 'elderly_canteen',
  name_zh: '东食堂',
  name_en: '',
  status: 'open',
  address: '解放路 1 号',
  capacity: 0,
  uscc: '',
  institution_code: 'TJ-12',
  bureau_no: '',
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

describe('what a type declares', () => {
  const figure = (field: string, more: Partial<TypeField> = {}): TypeField => ({
    field, zh: field, en: field, kind: 'integer', unit: '', unit_zh: '', unit_en: '', tab: 'service', choices: [], min: 0, max: 500, at_most: '',
    required: false, door_page: false, hint_zh: '', hint_en: '', ...more,
  })
  const choices = ['x', 'y'].map((value) => ({ value, zh: value, en: value }))
  const declared: Declared = {
    capacity_field: 'meals',
    fields: [
      figure('meals', { required: true }),
      figure('area', { kind: 'number' }),
      figure('used', { at_most: 'meals' }),
      figure('licence', { kind: 'choice', choices }),
      figure('services', { kind: 'choices', choices, required: true }),
      figure('subsidised', { kind: 'boolean' }),
      figure('until', { kind: 'day' }),
      figure('built', { kind: 'year', min: null, max: null }),
      figure('note', { kind: 'text' }),
    ],
  }
  const record = { ...content, id: '1', fields: { area: 88.5, services: ['y', 'x'], subsidised: false, old: 'kept' } } as unknown as Facility

  it('comes back as it was, and what the type does not declare is left alone', () => {
    const before = contentOfRecord(record, declared)
    expect(before['fields.old']).toBe('kept')
    expect(before['fields.meals']).toBeNull()
    const after = contentOf(draftOf(before), declared)
    expect(after['fields.services']).toEqual(['x', 'y'])
    expect(patchOf(before, { ...after, 'fields.services': ['y', 'x'] })).toEqual({})
  })

  it('takes the capacity for the field that it follows', () => {
    const before = contentOfRecord({ ...record, capacity: 80 }, declared)
    expect([before['fields.meals'], before.capacity]).toEqual([80, 0])
    expect(patchOf(before, contentOf({ ...draftOf(before), fields: { ...draftOf(before).fields, meals: ' 90 ' } }, declared))['fields.meals']).toBe(90)
  })

  it('is sent as one part, with null for what is taken away', () => {
    const before = contentOfRecord(record, declared)
    const draft = draftOf(before)
    const patch = patchOf(before, contentOf({ ...draft, fields: { ...draft.fields, area: '', services: ['x'], subsidised: 'true', until: '2027-01-31' } }, declared))
    expect(wire(patch)).toEqual({ fields: { area: null, services: ['x'], subsidised: true, until: '2027-01-31' } })
    expect(wire({ capacity: 3 })).toEqual({ capacity: 3 })
  })

  it('asks nothing of a type that is not known', () => {
    expect(contentOf(draftOf(contentOfRecord(record)))).toEqual(content)
  })

  it.each([
    [{ meals: '80', area: '0.5', used: '80', built: '1999', until: '2027-01-31' }, {}],
    [{ meals: '八十' }, { meals: { code: 'number' } }],
    [{ meals: '1e3' }, { meals: { code: 'number' } }],
    [{ meals: '1.5' }, { meals: { code: 'integer' } }],
    [{ area: '-1' }, { area: { code: 'least', bound: 0 } }],
    [{ meals: '501' }, { meals: { code: 'most', bound: 500 } }],
    [{ meals: '10', used: '11' }, { used: { code: 'above', other: 'meals' } }],
    [{ used: '11' }, {}],
    [{ built: '99' }, { built: { code: 'year' } }],
    [{ until: '2027-02-30' }, { until: { code: 'day' } }],
    [{ note: 'x'.repeat(300), licence: 'z' }, {}],
  ] as [TypedFields, object][])('typed as %j has %j', (fields, want) => {
    expect(checkFields(declared.fields, fields)).toEqual(want)
  })

  it('says what publishing still needs', () => {
    const names = (fields: TypedFields) => missingFields(declared.fields, fields).map((each) => each.field)
    expect(names({})).toEqual(['meals', 'services'])
    expect(names({ meals: '80', services: [] })).toEqual(['services'])
    expect(names({ meals: '80', services: ['x'] })).toEqual([])
  })

  it('is on one tab or the other', () => {
    expect(fieldsOn('signature', declared.fields)).toEqual([])
    expect(fieldsOn('service', declared.fields)).toHaveLength(9)
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
