import { describe, expect, it } from 'vitest'
import type { TypeField } from '../api/standards.types'
import { patchOfPicks, sharedFields } from './bulk'

const field = (name: string, kind: TypeField['kind'] = 'text'): TypeField => ({
  field: name, zh: name, en: name, kind, unit: '', unit_zh: '', unit_en: '', tab: 'service', choices: [{ value: 'a', zh: '甲', en: 'A' }],
  min: null, max: null, at_most: '', required: false, door_page: false, hint_zh: '', hint_en: '',
})
const types = [
  { type: 'canteen', fields: [field('operator'), field('seats', 'integer'), field('level', 'choice')] },
  { type: 'hall', fields: [field('operator'), field('niches', 'integer'), field('level', 'text')] },
]

describe('a change of many', () => {
  it('offers what all types have alike', () => {
    expect(sharedFields(types, ['canteen']).map((f) => f.field)).toEqual(['operator', 'seats', 'level'])
    expect(sharedFields(types, ['canteen', 'hall']).map((f) => f.field)).toEqual(['operator'])
    expect(sharedFields(types, []).map((f) => f.field)).toEqual(['operator'])
    expect(sharedFields([], [])).toEqual([])
  })

  it('is what was picked', () => {
    const fields = sharedFields(types, ['canteen'])
    expect(
      patchOfPicks(
        [
          { key: 'status', value: 'closed' }, { key: 'stage', value: 'published' }, { key: 'verified_on', value: '2026-11-01' }, { key: 'address', value: ' ' },
          { key: 'uscc', value: 'X' }, { key: 'fields.seats', value: '40' }, { key: 'fields.operator', value: '' },
        ],
        fields,
      ),
    ).toEqual({ status: 'closed', stage: 'published', verified_on: '2026-11-01', address: '', uscc: 'X', fields: { seats: 40, operator: null } })
  })

  it.each([
    [[]],
    [[{ key: '', value: 'x' }]],
    [[{ key: 'status', value: '' }]],
    [[{ key: 'stage', value: ' ' }]],
    [[{ key: 'verified_on', value: 'soon' }]],
    [[{ key: 'fields.niches', value: '3' }]],
  ])('is none where something is missing: %j', (picks) => {
    expect(patchOfPicks(picks, sharedFields(types, ['canteen']))).toBeNull()
  })
})
