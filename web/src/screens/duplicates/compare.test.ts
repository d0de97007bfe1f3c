import { describe, expect, it } from 'vitest'
import type { PairFacility } from '../../api/duplicates.types'
import { takenAs } from './compare'

describe('what a merge may take', () => {
  it('names the fields of the type', () => {
    expect(takenAs('contact_phone')).toBe('fields.contact_phone')
    expect(takenAs('operator')).toBe('fields.operator')
  })
  it('takes the position, and the division with it', () => {
    expect(takenAs('place')).toBe('place')
    expect(takenAs('division_code')).toBe('')
    expect(takenAs('stage')).toBe('')
  })
  it('names the rest as the API does', () => {
    const f: Partial<PairFacility> = { name_zh: '', address: '' }
    for (const field of Object.keys(f)) expect(takenAs(field)).toBe(field)
  })
})
