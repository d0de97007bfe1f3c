import { describe, expect, it } from 'vitest'
import { checkRoom, contentOfRoom, daysOf, draftOfRoom, emptyRoom, patchOfRoom, remainingOf } from './roomDraft'

const room = {
  name: '花桥里社区用房',
  state: 'handed_over',
  division_code: '1',
  area_m2: 500,
  lon: 117.05,
  lat: 39,
  approved_use: 'community_service',
  parts: [
    { use: 'community_service', area_m2: 300.1, counts_for: 'community_premises' },
    { use: 'elderly_service', area_m2: 199.9 },
  ],
  documents: ['甲', '乙'],
}

describe('a room in a form', () => {
  it('comes out as it went in', () => {
    const draft = draftOfRoom(room)
    expect(draft.documents).toBe('甲\n乙')
    const content = contentOfRoom(draft)
    expect(content).toMatchObject({ ...room, parts: [room.parts[0], { ...room.parts[1], counts_for: '' }] })
    expect(patchOfRoom(draft, draftOfRoom(room))).toEqual({})
  })

  it('sends only what changed, and a position whole', () => {
    const before = draftOfRoom(room)
    expect(patchOfRoom(before, { ...before, owner: ' 民政局 ', area_m2: '600' })).toEqual({ owner: '民政局', area_m2: 600 })
    expect(patchOfRoom(before, { ...before, lat: '39.5' })).toEqual({ lon: 117.05, lat: 39.5 })
    expect(patchOfRoom(before, { ...before, lon: '', lat: '' })).toEqual({ lon: null, lat: null })
    expect(patchOfRoom(before, { ...before, parts: [] })).toEqual({ parts: [] })
  })

  it('knows what is left to the hundredth', () => {
    const draft = draftOfRoom(room)
    expect(remainingOf('500', draft.parts)).toBe(0)
    expect(remainingOf('500.3', draft.parts)).toBe(0.3)
    expect(remainingOf('499.99', draft.parts)).toBe(-0.01)
    expect(remainingOf('x', draft.parts)).toBeNaN()
  })

  it('names what is wrong', () => {
    expect(checkRoom(draftOfRoom(room), '核实')).toEqual({})
    expect(checkRoom(emptyRoom(), '')).toEqual({ name: 'required', division_code: 'required', reason: 'required' })
    const bad = { ...draftOfRoom(room), area_m2: '1.234', land_share_m2: '-1', lon: '', state: '' }
    expect(Object.keys(checkRoom(bad, 'a')).sort()).toEqual(['area_m2', 'land_share_m2', 'point', 'state'])
    expect(checkRoom({ ...draftOfRoom(room), area_m2: '499.99' }, 'a')).toEqual({ parts: 'over' })
    expect(checkRoom({ ...draftOfRoom(room), area_m2: '' }, 'a')).toEqual({ parts: 'noArea' })
    expect(checkRoom({ ...draftOfRoom(room), lon: '190' }, 'a')).toEqual({ point: 'coordinates' })
    const parts = [{ use: '', area_m2: '0', counts_for: '' }]
    expect(checkRoom({ ...draftOfRoom(room), parts }, 'a')).toEqual({ 'parts/0/use': 'required', 'parts/0/area_m2': 'number' })
  })

  it('has the days that its state has reached', () => {
    expect(daysOf('planned')).toEqual(['planned_on'])
    expect(daysOf('disputed')).not.toContain('withdrawn_on')
    expect(daysOf('withdrawn')).toContain('withdrawn_on')
    expect(daysOf('')).toEqual([])
  })
})
