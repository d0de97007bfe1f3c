import type { FieldChange, Version } from '../api/records.types'
import { number, type Lang } from './format'
import { plainValue } from './values'
import type { Messages } from './zh'

/** The history of a place name in words: what has parts is told by its parts, so that a new day
 *  of a decision reads as one line, and aliases and former names by their rows. Pure. */

/** What codes and records are called. */
export interface Words {
  kind: (code: string) => string
  state: (code: string) => string
  place: (code: string) => string
  decision: (code: string) => string
  alias: (code: string) => string
  name: (id: string) => string
}

type Row = Record<string, unknown>

const isRow = (value: unknown): value is Row => value !== null && typeof value === 'object' && !Array.isArray(value)

// The server names the parts of an old version by its own words: LengthM is length_m.
const renamed: Record<string, string> = { site_m: 'site_m2', floor_m: 'floor_m2', housing_m: 'housing_m2', open_m: 'open_m2', id: 'id' }
function keyOf(key: string): string {
  const snake = key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return renamed[snake] ?? snake
}

function objectOf(value: unknown): Row {
  if (!isRow(value)) return {}
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [keyOf(key), isRow(each) ? objectOf(each) : each]))
}

const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.map(objectOf) : [])
const text = (value: unknown): string => plainValue(value, '', '')
const empty = (value: unknown): boolean => value === null || value === undefined || value === '' || value === 0 || value === false || (Array.isArray(value) && value.length === 0)

/** The fields that have parts. */
const parted = ['extent', 'size', 'decision', 'heritage', 'reuses']

/** The changes of a version with those of parted fields taken apart. */
export function apart(fields: readonly FieldChange[]): FieldChange[] {
  return fields.flatMap((change) => {
    if (!parted.includes(change.field)) return change.before === undefined && empty(change.after) ? [] : [change]
    const [before, after] = [objectOf(change.before), objectOf(change.after)]
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
      const [a, b] = [empty(before[key]) ? null : before[key], empty(after[key]) ? null : after[key]]
      return JSON.stringify(a) === JSON.stringify(b) ? [] : [{ field: `${change.field}/${key}`, ...(change.before === undefined ? {} : { before: a }), after: b }]
    })
  })
}

/** A version with its changes taken apart. */
export const versionApart = (version: Version): Version => ({ ...version, fields: apart(version.fields) })

/** What a field of a change is called. */
export function labelOf(field: string, m: Messages): string {
  const n = m.names
  const [of = '', part = ''] = field.split('/')
  const whole = n.field[of] ?? of
  if (part === '') return whole
  const words: Record<string, Record<string, unknown>> = { extent: n.extent, size: n.size, decision: n.decision, heritage: n.heritage, reuses: { reason: n.relations.reusesReason } }
  const word = words[of]?.[part]
  if (of === 'size') return typeof word === 'string' ? word : part
  return typeof word === 'string' ? `${whole} · ${word}` : whole
}

/** A value of a changed field in words. */
export function valueOf(field: string, value: unknown, words: Words, m: Messages, lang: Lang): string {
  if (value === null || value === undefined || value === '') return ''
  const comma = lang === 'zh' ? '、' : ', '
  switch (field) {
    case 'kind':
      return words.kind(text(value))
    case 'state':
      return words.state(text(value))
    case 'divisions':
      return (Array.isArray(value) ? value.map(text) : text(value).split(/\s+/)).filter((code) => code !== '').map(words.place).join(comma)
    case 'decision/kind':
      return words.decision(text(value))
    case 'parent_id':
    case 'host_id':
    case 'successor_id':
    case 'reuses/id':
      return words.name(text(value))
    case 'geometry':
      return m.names.form.rowsDrawn
    case 'aliases':
      return rowsOf(value).map((row) => [text(row['text']), words.alias(text(row['kind']))].filter((part) => part !== '').join(lang === 'zh' ? '，' : ', ')).join(lang === 'zh' ? '；' : '; ')
    case 'former':
      return rowsOf(value).map((row) => [text(row['text']), period(text(row['from']), text(row['until']), m)].filter((part) => part !== '').join(' ')).join(lang === 'zh' ? '；' : '; ')
  }
  if (field.startsWith('size/') && typeof value === 'number') return `${figure(value, lang)}${unitOf(field.slice(5), m)}`
  return plainValue(value, m.common.yes, m.common.no)
}

/** From when until when a name was one; '' where neither is known. */
export function period(from: string, until: string, m: Messages): string {
  const f = m.names.former
  if (from && until) return f.period(from, until)
  return from ? f.since(from) : until ? f.to(until) : ''
}

const figure = (value: number, lang: Lang): string => number(value, lang, Math.round(value * 100) % 100 === 0 ? 0 : 2)

function unitOf(key: string, m: Messages): string {
  const unit = m.names.unit[key] ?? ''
  return unit === '' ? '' : ` ${unit}`
}

/** A measure of a place with its unit. */
export const measure = (key: string, value: number, m: Messages, lang: Lang): string => `${figure(value, lang)}${unitOf(key, m)}`
