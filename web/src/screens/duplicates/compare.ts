import type { PairFacility } from '../../api/duplicates.types'
import type { Words } from '../../state/words.svelte'
import { facilityLabel, facilityValue, type Known } from '../../text/facilityFields'
import { position } from '../../text/format'

/** One line of two records side by side. */
export interface Compared {
  field: string
  label: string
  a: string
  b: string
  differs: boolean
}

const shown = [
  'name_zh',
  'name_en',
  'type',
  'status',
  'stage',
  'address',
  'division_code',
  'place',
  'capacity',
  'contact_phone',
  'operator',
  'uscc',
  'institution_code',
  'bureau_no',
  'verified_on',
] as const
type Field = (typeof shown)[number]

/** What a merge calls a field that it may take; '' for one that it may not. */
export function takenAs(field: string): string {
  switch (field) {
    case 'contact_phone':
    case 'operator':
      return `fields.${field}`
    case 'stage':
    case 'division_code':
      return ''
    default:
      return field
  }
}

/** Two records line by line, without what neither has. */
export function compared(words: Words & Known, a: PairFacility, b: PairFacility): Compared[] {
  return shown
    .map((field) => {
      const left = valueOf(words, field, a)
      const right = valueOf(words, field, b)
      return { field, label: facilityLabel(words, words, nameOf(field), a.type), a: left, b: right, differs: left !== right }
    })
    .filter((row) => row.a !== '' || row.b !== '')
}

/** The fields that a type declares have a name of their own. */
function nameOf(field: Field): string {
  return field === 'contact_phone' || field === 'operator' ? `fields.${field}` : field
}

function valueOf(words: Words & Known, field: Field, f: PairFacility): string {
  switch (field) {
    case 'place':
      return f.lon !== null && f.lat !== null ? position(f.lon, f.lat) : ''
    case 'stage':
      return words.m.duplicates.stage[f.stage] ?? f.stage
    case 'capacity':
      return f.capacity > 0 ? facilityValue(words, words, field, f.capacity) : ''
    case 'verified_on':
      return f.verified_on ?? ''
    default:
      return f[field] === '' ? '' : facilityValue(words, words, field, f[field])
  }
}
