import type { FacilityContent } from '../api/records.types'
import type { Bounds, Facility } from '../api/types'
import { isDay } from '../text/time'

/** What stands in the fields of the facility form: figures as they are typed. */
export interface Draft {
  type: string
  name_zh: string
  name_en: string
  status: string
  address: string
  capacity: string
  serves: string[]
  lon: string
  lat: string
}

export type Field = keyof Draft | 'place' | 'reason' | 'valid_from'

/** Since when a change holds: from a day on, or always because it was recorded wrongly. */
export interface Since {
  kind: 'day' | 'correction'
  day: string
}

/** What is wrong with a field, as a code for words. */
export type Wrong = 'required' | 'capacity' | 'place' | 'placeMissing' | 'placeOutside' | 'day'

export const fields: (keyof FacilityContent)[] = ['type', 'name_zh', 'name_en', 'status', 'address', 'capacity', 'serves', 'lon', 'lat']

/** About a metre is what the map can tell. */
const DIGITS = 6

export function emptyDraft(type: string): Draft {
  return { type, name_zh: '', name_en: '', status: 'open', address: '', capacity: '', serves: [], lon: '', lat: '' }
}

export function draftOf(content: FacilityContent): Draft {
  return {
    type: content.type,
    name_zh: content.name_zh,
    name_en: content.name_en,
    status: content.status,
    address: content.address,
    capacity: content.capacity > 0 ? String(content.capacity) : '',
    serves: [...content.serves].sort(),
    lon: content.lon === null ? '' : String(content.lon),
    lat: content.lat === null ? '' : String(content.lat),
  }
}

/** The part of a record that people write. */
export function contentOfRecord(facility: Facility): FacilityContent {
  const { type, name_zh, name_en, status, address, capacity, lon, lat } = facility
  return { type, name_zh, name_en, status, address, capacity, serves: [...facility.serves].sort(), lon, lat }
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
export function wire<T extends Partial<FacilityContent>>(content: T): Omit<T, 'lon' | 'lat'> & { lon?: number; lat?: number; unplaced?: true } {
  const { lon, lat, ...rest } = content
  return {
    ...rest,
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

/** A draft without faults as it is sent. */
export function contentOf(draft: Draft): FacilityContent {
  return {
    type: draft.type,
    name_zh: draft.name_zh.trim(),
    name_en: draft.name_en.trim(),
    status: draft.status,
    address: draft.address.trim(),
    capacity: draft.capacity.trim() === '' ? 0 : Number(draft.capacity),
    serves: [...draft.serves].sort(),
    lon: placed(draft.lon),
    lat: placed(draft.lat),
  }
}
