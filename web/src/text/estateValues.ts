import type { FieldChange, Version } from '../api/records.types'
import { number, type Lang } from './format'
import { plainValue } from './values'
import type { Messages } from './zh'

/** The history of an estate in words: lists are told apart by their rows, so that one changed
 *  area reads as one line and not as two lists of rooms. Pure. */

/** What codes are called. */
export interface Words {
  use: (code: string) => string
  element: (code: string) => string
  kind: (code: string) => string
  place: (code: string) => string
  norm: (code: string) => string
}

type Row = Record<string, unknown>

// Between the parts of the name of a changed field: its list, the row, what of the row.
const SEPARATOR = '\u0000'
const WHOLE = ''

const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? (value as Row[]) : [])
const objectOf = (value: unknown): Row => (value && typeof value === 'object' && !Array.isArray(value) ? (value as Row) : {})
const text = (value: unknown): string => plainValue(value, '', '')

/** The changes of a version with those of lists and papers taken apart. */
export function apart(fields: readonly FieldChange[]): FieldChange[] {
  return fields.flatMap((change) => {
    switch (change.field) {
      case 'rooms':
        return listed('rooms', change, (row, i) => text(row['id']) || String(i), (row, i) => text(row['name']) || String(i + 1))
      case 'phases':
        return listed('phases', change, (row) => text(row['no']), (row) => text(row['no']))
      case 'conditions':
      case 'plan':
      case 'hub':
        return properties(change.field, '', '', objectOf(change.before), objectOf(change.after))
      default:
        return [change]
    }
  })
}

/** A version with its changes taken apart. */
export const versionApart = (version: Version): Version => ({ ...version, fields: apart(version.fields) })

function listed(list: string, change: FieldChange, key: (row: Row, i: number) => string, name: (row: Row, i: number) => string): FieldChange[] {
  const before = new Map(rowsOf(change.before).map((row, i) => [key(row, i), { row, name: name(row, i) }]))
  const after = new Map(rowsOf(change.after).map((row, i) => [key(row, i), { row, name: name(row, i) }]))
  const out: FieldChange[] = []
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [a, b] = [before.get(id), after.get(id)]
    if (a && b) out.push(...properties(list, id, b.name, a.row, b.row))
    else out.push({ field: [list, id, WHOLE, (a ?? b)?.name ?? ''].join(SEPARATOR), before: a?.row ?? null, after: b?.row ?? null })
  }
  return out
}

function properties(list: string, id: string, name: string, before: Row, after: Row): FieldChange[] {
  const out: FieldChange[] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [a, b] = [before[key] ?? null, after[key] ?? null]
    if (JSON.stringify(a) !== JSON.stringify(b)) out.push({ field: [list, id, key, name].join(SEPARATOR), before: a, after: b })
  }
  return out
}

/** What a field of a change is called. */
export function labelOf(field: string, m: Messages): string {
  const e = m.estates
  const [list = '', , key = '', name = ''] = field.split(SEPARATOR)
  if (!field.includes(SEPARATOR)) return e.field[field] ?? field
  if (list === 'rooms') return [name, e.room.field[key] ?? key].filter((part) => part).join(' · ')
  if (list === 'phases') {
    const words: Record<string, string> = { name: e.phase.name, households: e.phase.households, housing_started_on: e.phase.started, housing_accepted_on: e.phase.accepted }
    return [e.phase.nth(name), words[key] ?? key].filter((part) => part).join(' · ')
  }
  const words: Record<string, string> = list === 'hub' ? { area: e.form.hubArea, functions: e.form.hubFunctions } : { ...e.paper }
  return [e.field[list] ?? list, words[key] ?? key].filter((part) => part).join(' · ')
}

/** A value of a changed field in words. */
export function valueOf(field: string, value: unknown, words: Words, m: Messages, lang: Lang): string {
  if (value === null || value === undefined) return ''
  const [list = '', , key = ''] = field.split(SEPARATOR)
  const comma = lang === 'zh' ? '、' : ', '
  const of = field.includes(SEPARATOR) ? key : field
  if (field.includes(SEPARATOR) && key === WHOLE) return list === 'rooms' ? roomText(objectOf(value), words, lang) : text(objectOf(value)['name']) || m.estates.phase.nth(text(objectOf(value)['no']))
  switch (of) {
    case 'use':
    case 'present_use':
      return words.use(text(value))
    case 'kind':
      return words.kind(text(value))
    case 'division_code':
      return words.place(text(value))
    case 'boundary':
      return text(value) === '' ? '' : m.estates.map.drawn
    case 'provided':
    case 'functions':
      return (Array.isArray(value) ? value : []).map((each) => words.element(text(each))).join(comma)
    case 'parts':
      return rowsOf(value).map((part) => [words.use(text(part['use'])), text(part['area']), words.norm(text(part['counts_for']))].filter((each) => each).join(' ')).join(comma)
    case 'own_entrance':
    case 'lift':
      return m.estates.room.answer[value === true ? 'yes' : value === false ? 'no' : ''] ?? ''
  }
  return typeof value === 'number' ? figureText(value, lang) : plainValue(value, m.common.yes, m.common.no)
}

const figureText = (value: number, lang: Lang): string => (value === 0 ? '' : number(value, lang, Math.round(value * 100) % 100 === 0 ? 0 : 2))

function roomText(row: Row, words: Words, lang: Lang): string {
  const area = typeof row['area'] === 'number' ? `${figureText(row['area'], lang)} m²` : ''
  return [words.use(text(row['use'])), text(row['building']), text(row['floor']), area].filter((part) => part.trim()).join(' ')
}
