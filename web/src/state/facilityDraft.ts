import type { FacilityContent, SentFacility } from '../api/records.types'
import type { FieldValue } from '../api/standards.types'
import type { Bounds, Facility, FacilityType } from '../api/types'
import { isDay } from '../text/time'
import { typed, valueOf, type TypedFields } from './typeFields'

/** What stands in the fields of the facility form: figures as they are typed. */
export interface Draft {
  type: string
  name_zh: string
  name_en: string
  status: string
  address: string
  capacity: string
  uscc: string
  institution_code: string
  bureau_no: string
  serves: string[]
  lon: string
  lat: string
  /** what types declare, of any type that was chosen meanwhile */
  fields: TypedFields
}

/** What a draft needs to know of its type: the fields, and the one that the capacity
 *  follows. */
export type Declared = Pick<FacilityType, 'fields' | 'capacity_field'>

const NONE: Declared = { fields: [], capacity_field: '' }

export type Field = Exclude<keyof Draft, 'fields'> | 'place' | 'reason' | 'valid_from'

/** Since when a change holds: from a day on, or always because it was recorded wrongly. */
export interface Since {
  kind: 'day' | 'correction'
  day: string
}

/** What is wrong with a field, as a code for words. */
export type Wrong = 'required' | 'capacity' | 'place' | 'placeMissing' | 'placeOutside' | 'day'

/** About a metre is what the map can tell. */
const DIGITS = 6

export function emptyDraft(type: string): Draft {
  return { type, name_zh: '', name_en: '', status: 'open', address: '', capacity: '', uscc: '', institution_code: '', bureau_no: '', serves: [], lon: '', lat: '', fields: {} }
}

export function draftOf(content: FacilityContent): Draft {
  return {
    type: content.type,
    name_zh: content.name_zh,
    name_en: content.name_en,
    status: content.status,
    address: content.address,
    capacity: content.capacity > 0 ? String(content.capacity) : '',
    uscc: content.uscc,
    institution_code: content.institution_code,
    bureau_no: content.bureau_no,
    serves: [...content.serves].sort(),
    lon: content.lon === null ? '' : String(content.lon),
    lat: content.lat === null ? '' : String(content.lat),
    fields: Object.fromEntries(declaredOf(content).map(([name, value]) => [name, typed(value)])),
  }
}

const PREFIX = 'fields.'

/** What of a content its type declares, by the names of the fields. */
function declaredOf(content: Partial<FacilityContent>): [string, FieldValue][] {
  return Object.entries(content)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => [name.slice(PREFIX.length), (value ?? null) as FieldValue])
}

/** The part of a record that people write. Where the capacity follows a field, people write
 *  that, and the capacity stands in for it while it is not filled in: a data pack brings
 *  the one and not the other. */
export function contentOfRecord(facility: Facility, declared: Declared = NONE): FacilityContent {
  const { type, name_zh, name_en, status, address, capacity, uscc, institution_code, bureau_no, lon, lat } = facility
  const content: FacilityContent = {
    type, name_zh, name_en, status, address, capacity, uscc, institution_code, bureau_no, serves: [...facility.serves].sort(), lon, lat,
  }
  for (const { field } of declared.fields) content[`fields.${field}`] = null
  for (const [name, value] of Object.entries(facility.fields)) content[`fields.${name}`] = value as FieldValue
  if (declared.capacity_field === '') return content
  const key: `fields.${string}` = `fields.${declared.capacity_field}`
  if (content[key] === null && capacity > 0) content[key] = capacity
  content.capacity = 0
  return content
}

/** A place as the fields write it. */
export function placeText(lon: number, lat: number): { lon: string; lat: string } {
  return { lon: String(Number(lon.toFixed(DIGITS))), lat: String(Number(lat.toFixed(DIGITS))) }
}

function figure(text: string): number {
  return text.trim() === '' ? NaN : Number(text)
}

function placed(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}

/** Content as it is sent. */
export function wire(content: Partial<FacilityContent>): SentFacility {
  const { lon, lat, ...others } = content
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !name.startsWith(PREFIX))) as SentFacility
  const fields = declaredOf(others)
  return {
    ...rest,
    ...(fields.length > 0 ? { fields: Object.fromEntries(fields) } : {}),
    ...(typeof lon === 'number' ? { lon } : {}),
    ...(typeof lat === 'number' ? { lat } : {}),
    ...(lon === null && lat === null ? { unplaced: true } : {}),
  }
}

function inside(lon: number, lat: number, bounds: Bounds | null): boolean {
  if (!bounds) return true
  const [west, south, east, north] = bounds
  return lon >= west && lon <= east && lat >= south && lat <= north
}

function placeFault(draft: Draft, bounds: Bounds | null): Wrong | undefined {
  if (draft.lon.trim() === '' && draft.lat.trim() === '') return 'placeMissing'
  const lon = figure(draft.lon)
  const lat = figure(draft.lat)
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) return 'place'
  return inside(lon, lat, bounds) ? undefined : 'placeOutside'
}

/** What is wrong with a draft before it is sent; the server knows more. `nowhere` is
 *  whether its position may stay unknown. */
export function check(
  draft: Draft,
  reason: string,
  since: Since,
  today: string,
  bounds: Bounds | null,
  nowhere = false,
): Partial<Record<Field, Wrong>> {
  const wrong: Partial<Record<Field, Wrong>> = {}
  if (draft.type === '') wrong.type = 'required'
  if (draft.name_zh.trim() === '') wrong.name_zh = 'required'
  const capacity = draft.capacity.trim()
  if (capacity !== '' && !/^\d{1,9}$/.test(capacity)) wrong.capacity = 'capacity'
  const place = placeFault(draft, bounds)
  if (place && !(nowhere && place === 'placeMissing')) wrong.place = place
  if (reason.trim() === '') wrong.reason = 'required'
  if (since.kind === 'day' && !(isDay(since.day) && since.day <= today)) wrong.valid_from = 'day'
  return wrong
}

/** A draft without faults as it is sent, with the fields that its type declares. */
export function contentOf(draft: Draft, declared: Declared = NONE): FacilityContent {
  const content: FacilityContent = {
    type: draft.type,
    name_zh: draft.name_zh.trim(),
    name_en: draft.name_en.trim(),
    status: draft.status,
    address: draft.address.trim(),
    capacity: draft.capacity.trim() === '' || declared.capacity_field !== '' ? 0 : Number(draft.capacity),
    uscc: draft.uscc.trim().toUpperCase(),
    institution_code: draft.institution_code.trim().toUpperCase(),
    bureau_no: draft.bureau_no.trim().toUpperCase(),
    serves: [...draft.serves].sort(),
    lon: placed(draft.lon),
    lat: placed(draft.lat),
  }
  for (const field of declared.fields) content[`fields.${field.field}`] = valueOf(field, draft.fields[field.field])
  return content
}
