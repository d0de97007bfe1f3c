import type { BulkPatch, Stage } from '../api/registry.types'
import type { FieldValue, TypeField } from '../api/standards.types'
import { isDay } from '../text/time'
import { valueOf } from './typeFields'

/** A change of many records while it is being put together: which fields, and to what. */

/** The fields of the record itself that may be changed for many. */
export const ownFields = ['status', 'stage', 'verified_on', 'address', 'uscc'] as const
export type OwnField = (typeof ownFields)[number]

export interface Pick {
  /** a field of the record, or fields.… of its type; '' while none is chosen */
  key: string
  value: string | string[]
}

/** The fields that all of the given types declare alike. */
export function sharedFields(types: readonly { type: string; fields: TypeField[] }[], wanted: readonly string[]): TypeField[] {
  const of = types.filter((each) => wanted.includes(each.type))
  const [first, ...rest] = of.length > 0 ? of : types
  if (!first) return []
  return first.fields.filter((field) => rest.every((other) => other.fields.some((each) => each.field === field.field && each.kind === field.kind)))
}

/** The patch that the picks say, or null where one says nothing. An empty value of a field
 *  of the type takes it away. */
export function patchOfPicks(picks: readonly Pick[], fields: readonly TypeField[]): BulkPatch | null {
  const patch: BulkPatch = {}
  const values: Record<string, FieldValue> = {}
  if (picks.length === 0) return null
  for (const { key, value } of picks) {
    const text = typeof value === 'string' ? value.trim() : ''
    if (key.startsWith('fields.')) {
      const field = fields.find((each) => `fields.${each.field}` === key)
      if (!field) return null
      values[field.field] = valueOf(field, value)
      continue
    }
    switch (key) {
      case 'status':
        if (text === '') return null
        patch.status = text
        break
      case 'stage':
        if (text === '') return null
        patch.stage = text as Stage
        break
      case 'verified_on':
        if (!isDay(text)) return null
        patch.verified_on = text
        break
      case 'address':
        patch.address = text
        break
      case 'uscc':
        patch.uscc = text
        break
      default:
        return null
    }
  }
  return Object.keys(values).length > 0 ? { ...patch, fields: values } : patch
}
