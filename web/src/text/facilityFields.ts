import type { TypeField } from '../api/standards.types'
import type { Words } from '../state/words.svelte'
import { number, position } from './format'
import { plainValue } from './values'

/** What the screen knows of types and divisions besides its words. */
export interface Known {
  types: { type: string; zh: string; en: string; fields: TypeField[]; past_fields?: TypeField[] }[]
  division: (code: string) => { name_zh: string; name_en: string } | null
}

const PREFIX = 'fields.'

/** The declaration of a field, by the type that the record is of; where that is not known
 *  or has no such field, by the first that has. */
function declaredField(known: Known, field: string, type: string): TypeField | undefined {
  if (!field.startsWith(PREFIX)) return undefined
  const name = field.slice(PREFIX.length)
  const own = known.types.find((each) => each.type === type)
  return [...(own ? [own] : []), ...known.types].flatMap((each) => [...each.fields, ...(each.past_fields ?? [])]).find((each) => each.field === name)
}

/** What a field of a facility is called. */
export function facilityLabel(words: Words, known: Known, field: string, type = ''): string {
  const declared = declaredField(known, field, type)
  if (declared) return words.word(declared)
  const f = words.m.facility
  const s = words.m.standards
  const labels: Record<string, string> = {
    type: f.type,
    name_zh: f.nameZh,
    name_en: f.nameEn,
    status: f.status,
    address: f.address,
    capacity: f.capacity,
    serves: f.serves,
    lon: f.lon,
    lat: f.lat,
    point: f.point,
    place: f.point,
    division_code: words.m.fact.division,
    example: words.m.example,
    source_id: words.m.fact.source,
    stage: s.stage,
    uscc: s.uscc,
    institution_code: s.institutionCode,
    bureau_no: s.bureauNo,
    verified_on: s.verifiedOn,
    placed_by: s.placedBy,
    place_confidence: s.placeConfidence,
    replaced_by: s.replacedBy,
  }
  return labels[field] ?? field
}

/** How a value of a field of a facility reads. */
export function facilityValue(words: Words, known: Known, field: string, value: unknown, type = ''): string {
  const declared = declaredField(known, field, type)
  if (declared) return declaredValue(words, declared, value)
  const text = plainValue(value, words.m.common.yes, words.m.common.no)
  const divisionName = (code: string): string => {
    const division = known.division(code)
    return division ? words.nameOf(division) : code
  }
  switch (field) {
    case 'type': {
      const type = known.types.find((each) => each.type === text)
      return type ? words.word(type) : text
    }
    case 'stage':
      return words.m.standards.stages[text] ?? text
    case 'placed_by':
      return words.m.standards.placings[text] ?? text
    case 'status':
      return words.m.status[text] ?? text
    case 'capacity':
      return typeof value === 'number' ? (value > 0 ? number(value, words.lang) : words.m.fact.unknown) : text
    case 'division_code':
      return divisionName(text)
    case 'serves':
      return Array.isArray(value) ? value.map((code) => divisionName(String(code))).join(words.lang === 'zh' ? '、' : ', ') : text
    case 'point':
    case 'place':
      return placeValue(value) ?? text
    default:
      return text
  }
}

/** How a value of a field that a type declares reads, with its unit. */
export function declaredValue(words: Words, field: TypeField, value: unknown): string {
  const word = (one: unknown): string => {
    const choice = field.choices.find((each) => each.value === one)
    return choice ? words.word(choice) : String(one)
  }
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? words.m.standards.yes : words.m.standards.no
  if (Array.isArray(value)) return value.map(word).join(words.lang === 'zh' ? '、' : ', ')
  if (typeof value === 'number') {
    if (field.kind === 'year') return String(value)
    const unit = words.lang === 'zh' ? field.unit_zh : field.unit_en
    const text = number(value, words.lang, Math.min(2, (String(value).split('.')[1] ?? '').length))
    return unit ? `${text}\u2009${unit}` : text
  }
  return word(value)
}

function placeValue(value: unknown): string | null {
  if (Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number') return position(value[0], value[1])
  if (value !== null && typeof value === 'object' && 'lon' in value && 'lat' in value) {
    const { lon, lat } = value as { lon: unknown; lat: unknown }
    if (typeof lon === 'number' && typeof lat === 'number') return position(lon, lat)
  }
  return null
}
