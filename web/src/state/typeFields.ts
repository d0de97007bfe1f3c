import type { FieldValue, TabName, TypeField } from '../api/standards.types'
import { isDay } from '../text/time'

/** What stands in the form for the fields that a type declares: figures as they are
 *  typed, '' for what is not known, choices of several as a list. */
export type TypedFields = Record<string, string | string[]>

/** What is wrong with such a field, as a code for words. */
export type FieldWrong =
  | { code: 'number' | 'integer' | 'year' | 'day' }
  | { code: 'least' | 'most'; bound: number }
  | { code: 'above'; other: string }

const PLAIN = /^-?\d+(\.\d+)?$/
const FIRST_YEAR = 1900
const LAST_YEAR = 2100

/** A value as the form shows it. */
export function typed(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.map(String)
  if (value === null || value === undefined) return ''
  return String(value)
}

function isFigure(field: TypeField): boolean {
  return field.kind === 'integer' || field.kind === 'number' || field.kind === 'year'
}

/** What is typed as it is sent; null for what is not known. Figures must be right. */
export function valueOf(field: TypeField, text: string | string[] | undefined): FieldValue {
  if (field.kind === 'choices') {
    const chosen = Array.isArray(text) ? text : []
    return chosen.length > 0 ? field.choices.map((c) => c.value).filter((value) => chosen.includes(value)) : null
  }
  const plain = typeof text === 'string' ? text.trim() : ''
  if (plain === '') return null
  if (isFigure(field)) return Number(plain)
  if (field.kind === 'boolean') return plain === 'true'
  return plain
}

/** Everything that is wrong with what is typed, by name of the field; the server knows
 *  more. */
export function checkFields(fields: readonly TypeField[], draft: TypedFields): Record<string, FieldWrong> {
  const wrong: Record<string, FieldWrong> = {}
  for (const field of fields) {
    const text = draft[field.field]
    if (typeof text !== 'string' || text.trim() === '') continue
    const fault = isFigure(field) ? figureFault(field, text.trim(), fields, draft) : field.kind === 'day' && !isDay(text) ? ({ code: 'day' } as const) : null
    if (fault) wrong[field.field] = fault
  }
  return wrong
}

function figureFault(field: TypeField, text: string, fields: readonly TypeField[], draft: TypedFields): FieldWrong | null {
  if (!PLAIN.test(text)) return { code: 'number' }
  const n = Number(text)
  if (field.kind !== 'number' && !Number.isInteger(n)) return { code: 'integer' }
  if (field.kind === 'year' && !(n >= FIRST_YEAR && n <= LAST_YEAR)) return { code: 'year' }
  if (field.min !== null && n < field.min) return { code: 'least', bound: field.min }
  if (field.max !== null && n > field.max) return { code: 'most', bound: field.max }
  const whole = field.at_most ? draft[field.at_most] : undefined
  if (typeof whole === 'string' && PLAIN.test(whole.trim()) && n > Number(whole) && fields.some((f) => f.field === field.at_most)) {
    return { code: 'above', other: field.at_most }
  }
  return null
}

/** The fields that publishing needs and nobody has filled in. */
export function missingFields(fields: readonly TypeField[], draft: TypedFields): TypeField[] {
  return fields.filter((field) => field.required && valueOf(field, draft[field.field]) === null)
}

export function fieldsOn(tab: TabName, fields: readonly TypeField[]): TypeField[] {
  return fields.filter((field) => field.tab === tab)
}
