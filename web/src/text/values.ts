import type { FieldChange } from '../api/records.types'

/** A value of a record in words: lists joined, nothing as nothing, the rest as it is
 *  stored. */
export function plainValue(value: unknown, yes: string, no: string): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? yes : no
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.map((each) => plainValue(each, yes, no)).join(', ')
  return JSON.stringify(value)
}

function entriesOf(value: unknown): Map<string, unknown> {
  if (value === null || value === undefined) return new Map()
  if (typeof value === 'object' && !Array.isArray(value)) return new Map(Object.entries(value))
  return new Map([['value', value]])
}

/** The fields in which two states of a thing differ, in the order they are stored. */
export function changesOf(before: unknown, after: unknown): FieldChange[] {
  const a = entriesOf(before)
  const b = entriesOf(after)
  const out: FieldChange[] = []
  for (const field of new Set([...a.keys(), ...b.keys()])) {
    const x = a.get(field) ?? null
    const y = b.get(field) ?? null
    if (JSON.stringify(x) !== JSON.stringify(y)) out.push({ field, before: x, after: y })
  }
  return out
}
