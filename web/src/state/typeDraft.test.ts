import { describe, expect, it } from 'vitest'
import { changedParts, emptyType, fieldDraft, likeAnother, mergeTypes, moved, patchOf, sentType, told, typeDraft, wrongAt } from './typeDraft'

const bath = typeDraft({
  type: 'bath_point', zh: '助浴点', group: 'elderly', capacity_unit: 'persons', serves: 'elders', measure: 'walk', door_page: true, standards: ['FAC-11'],
  limits: [{ minutes: 15, grade: 'P', cite_zh: '本局意见' }, { per: 'community', grade: 'S1', cite_zh: '规划' }],
  fields: [{ field: 'visits', zh: '人次', kind: 'integer', tab: 'service', min: 0, required: true }, { field: 'ways', zh: '方式', kind: 'choices', tab: 'service', choices: [{ value: 'a', zh: '甲' }] }],
})

describe('a type in the form', () => {
  it('is sent as it came, without what says nothing', () => {
    const sent = sentType(bath)
    expect(sent.fields?.[0]).toEqual({ field: 'visits', zh: '人次', kind: 'integer', tab: 'service', min: 0, required: true })
    expect(sent.limits).toEqual([{ minutes: 15, grade: 'P', cite_zh: '本局意见' }, { per: 'community', grade: 'S1', cite_zh: '规划' }])
    expect(sent).not.toHaveProperty('icon')
    expect(typeDraft(sent)).toEqual(bath)
  })

  it('sends no range of what is no number, and no choices of what is not chosen', () => {
    const [field] = sentType({ ...bath, fields: [fieldDraft({ zh: '甲', kind: 'text', min: 1, unit: 'm2', choices: [{ zh: '乙' }] })] }).fields ?? []
    expect(field).toEqual({ zh: '甲', kind: 'text', tab: 'service' })
  })

  it('begins with the common fields, or like another under no name', () => {
    expect(emptyType([{ field: 'operator', zh: '运营单位', kind: 'text', tab: 'signature' }]).fields).toHaveLength(1)
    const like = likeAnother(sentType({ ...bath, retired: true, past_fields: [fieldDraft({ zh: '旧' })] }))
    expect([like.type, like.zh, like.retired, like.past_fields.length, like.fields.length]).toEqual(['', '', false, 0, 2])
  })

  it('patches what is otherwise only, and empties by the empty value', () => {
    expect(patchOf(bath, bath)).toEqual({})
    expect(patchOf(bath, { ...bath, zh: '助浴站', door_page: false, limits: [], standards: [], capacity_field: '' })).toEqual({ zh: '助浴站', door_page: false, limits: [], standards: [] })
    expect(patchOf({ ...bath, icon: 'bath' }, bath)).toEqual({ icon: '' })
    expect(changedParts(bath, { ...bath, fields: moved(bath.fields, 0, 1) })).toEqual(['fields'])
  })

  it('merges what two people did, and names what both did', () => {
    const mine = { ...bath, zh: '我的', measure: 'drive' as const }
    const theirs = { ...bath, zh: '他们的', en: 'theirs' }
    const { merged, both, taken } = mergeTypes(bath, mine, theirs)
    expect([merged.zh, merged.en, merged.measure, both, taken]).toEqual(['我的', 'theirs', 'drive', ['zh'], ['en']])
    expect(mergeTypes(bath, mine, { ...bath, zh: '我的' }).both).toEqual([])
  })

  it('moves within the list', () => {
    expect(moved([1, 2, 3], 0, 1)).toEqual([2, 1, 3])
    expect(moved([1, 2, 3], 0, -1)).toEqual([1, 2, 3])
    expect(moved([1, 2, 3], 2, 1)).toEqual([1, 2, 3])
    expect(moved([], 0, 1)).toEqual([])
  })

  it('tells what is only missing after somebody tried', () => {
    const faults = told([{ pointer: '#/zh', value: '', zh: '请填写', en: 'is needed' }, { pointer: '#/fields/1/zh', value: '甲', zh: '重名', en: 'twice' }, { pointer: '#/fields/10/zh', value: '乙', zh: '别的', en: 'other' }], 'zh')
    expect(wrongAt(faults, 'zh', false)).toBe('')
    expect(wrongAt(faults, 'zh', true)).toBe('请填写')
    expect(wrongAt(faults, 'fields/1', false)).toBe('重名')
  })
})
