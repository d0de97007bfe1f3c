import { describe, expect, it } from 'vitest'
import type { EstateContent } from '../api/estates.types'
import {
  checkEstate, contentOfEstate, copyOfRoom, draftOfEstate, draftOfPlanned, emptyEstate, emptyRoomIn, nextPhase, phasesDiffer, readable, withoutPhase,
} from './estateDraft'

const estate: EstateContent = {
  name: '花桥里二期',
  kind: 'new',
  division_code: '120111001001',
  boundary: { type: 'Polygon', coordinates: [[[117, 39], [117.001, 39], [117.001, 39.001], [117, 39]], [[117.0002, 39.0001], [117.0004, 39.0001], [117.0004, 39.0002], [117.0002, 39.0001]]] },
  developer: '某某置业',
  completed_on: '2025-06-01',
  households: 1200,
  people: 0,
  measured_people: 0,
  site_area: 52000.5,
  housing_floor: 110000,
  floor_above: 120000,
  floor_below: 30000,
  phases: [
    { no: 1, name: '一期', households: 700, housing_started_on: '2024-01-05', housing_accepted_on: null },
    { no: 2, name: '', households: 500, housing_started_on: null, housing_accepted_on: null },
  ],
  rooms: [
    {
      id: 'a', name: '社区用房', building: '3', floor: '1', room_no: '101', use: 'community_service', area: 420.25, land_share: 60, phase: 1, own_entrance: true, lift: null, position: [117.0005, 39.0003],
      parts: [{ use: 'community_service', area: 300.25, counts_for: 'community_premises' }, { use: 'elderly_service', area: 120 }], present_use: '', started_on: '2024-02-01', accepted_on: null, handed_over_on: null,
    },
    { id: 'b', ledger_id: 'l', name: '养老用房', use: 'elderly_service', area: 0, own_entrance: false, lift: false, phase: 2, position: null },
  ],
  conditions: { number: '规条〔2023〕5号', day: '2023-03-01', title: '' },
  plan: null,
  provided: ['day_care', 'canteen'],
  hub: { area: 800, functions: ['day_care'] },
  note: '甲\n乙',
}

describe('an estate in a form', () => {
  it('comes out as it went in', () => {
    const content = contentOfEstate(draftOfEstate(estate))
    expect(content).toMatchObject({ ...estate, provided: ['canteen', 'day_care'], rooms: [{ ...estate.rooms![0], parts: [estate.rooms![0]!.parts![0], { use: 'elderly_service', area: 120, counts_for: '' }] }, estate.rooms![1]] })
    expect(contentOfEstate(draftOfEstate(content))).toEqual(content)
  })

  it('keeps what is empty empty', () => {
    const content = contentOfEstate(emptyEstate())
    expect(content).toMatchObject({ name: '', kind: 'new', boundary: null, households: 0, site_area: 0, phases: [], rooms: [], conditions: null, plan: null, provided: [], hub: null })
  })

  it('names each field at fault by its pointer', () => {
    const draft = draftOfEstate(estate)
    expect(checkEstate(draft, '函')).toEqual({})
    expect(checkEstate(emptyEstate(), ' ')).toEqual({ name: 'required', division_code: 'required', reason: 'required' })
    Object.assign(draft, { households: '1.5', site_area: '12.345', completed_on: '2025-02-30' })
    draft.phases[1]!.households = 'x'
    draft.phases[0]!.housing_started_on = '2024'
    Object.assign(draft.rooms[0]!, { area: '-1', land_share: 'x', phase: '3', started_on: 'x', lon: '181' })
    draft.rooms[0]!.parts[1] = { use: '', area_m2: '0', counts_for: '' }
    draft.hub.area = 'x'
    expect(checkEstate(draft, '函')).toEqual({
      households: 'count', site_area: 'number', completed_on: 'day', 'phases/1/households': 'count', 'phases/0/housing_started_on': 'day', 'rooms/0/area': 'number', 'rooms/0/land_share': 'number',
      'rooms/0/phase': 'phase', 'rooms/0/started_on': 'day', 'rooms/0/position': 'coordinates', 'rooms/0/parts/1/use': 'required', 'rooms/0/parts/1/area': 'number', 'hub/area': 'number',
    })
    expect(readable(draft)).toBe(false)
  })

  it('asks for the area before it is split, and for no more than there is', () => {
    const draft = draftOfEstate(estate)
    draft.rooms[0]!.area = ''
    expect(checkEstate(draft, '函')).toEqual({ 'rooms/0/parts': 'noArea' })
    draft.rooms[0]!.area = '420.24'
    expect(checkEstate(draft, '函')).toEqual({ 'rooms/0/parts': 'over' })
    expect(readable(draft)).toBe(true)
  })

  it('needs a community or a boundary', () => {
    const draft = { ...draftOfEstate(estate), division_code: '' }
    expect(checkEstate(draft, '函')).toEqual({})
    expect(checkEstate({ ...draft, boundary: null }, '函')).toEqual({ division_code: 'required' })
  })

  it('says where phases are not the whole', () => {
    const draft = draftOfEstate(estate)
    expect(phasesDiffer(draft)).toBe(false)
    draft.phases[0]!.households = '701'
    expect(phasesDiffer(draft)).toBe(true)
    draft.phases[0]!.households = ''
    expect(phasesDiffer(draft)).toBe(false)
    expect(phasesDiffer(emptyEstate())).toBe(false)
  })

  it('takes a phase out with its number', () => {
    const draft = draftOfEstate(estate)
    expect(nextPhase(draft)).toMatchObject({ no: 3, key: 2 })
    const { phases, rooms } = withoutPhase(draft, 1)
    expect(phases.map((phase) => [phase.key, phase.no])).toEqual([[1, 1]])
    expect(rooms.map((room) => room.phase)).toEqual(['', '1'])
  })

  it('copies what a room is for and not what was signed for it', () => {
    const draft = draftOfEstate(estate)
    const copy = copyOfRoom(draft, draft.rooms[0]!)
    expect(copy).toMatchObject({ key: 2, id: '', ledger_id: '', name: '社区用房', area: '420.25', building: '3', lon: '', room_no: '', started_on: '2024-02-01' })
    copy.parts[0]!.use = 'x'
    expect(draft.rooms[0]!.parts[0]!.use).toBe('community_service')
    expect(emptyRoomIn(emptyEstate())).toMatchObject({ key: 0, phase: '', own_entrance: '', trial: false })
    expect(draftOfPlanned({}, 7)).toMatchObject({ key: 7, lon: '', lift: '' })
  })
})
