import type { Facility } from '../api/types'

/** Two records side by side, before they become one. */

/** The fields that a merge may take from the record that goes; place is the position. */
export const mergeable = ['type', 'name_zh', 'name_en', 'status', 'address', 'capacity', 'place', 'uscc', 'institution_code', 'bureau_no', 'verified_on'] as const

const EARTH_M = 6_371_008.8

/** Metres between two places, on a sphere; null where one is not placed. */
export function metresBetween(a: Pick<Facility, 'lon' | 'lat'>, b: Pick<Facility, 'lon' | 'lat'>): number | null {
  if (a.lon === null || a.lat === null || b.lon === null || b.lat === null) return null
  const rad = Math.PI / 180
  const h = Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** A field of a record as a merge calls it. */
export function valueIn(facility: Facility, field: string): unknown {
  if (field === 'place') return facility.lon === null || facility.lat === null ? null : [facility.lon, facility.lat]
  if (field.startsWith('fields.')) return facility.fields[field.slice('fields.'.length)] ?? null
  return (facility as unknown as Record<string, unknown>)[field] ?? null
}

export interface Pair {
  field: string
  gone: unknown
  into: unknown
}

const empty = (value: unknown): boolean => value === null || value === undefined || value === '' || value === 0 || (Array.isArray(value) && value.length === 0)

/** The fields in which two records differ and of which the one that goes knows something.
 *  `following` are fields that say again what the capacity does. */
export function differing(gone: Facility, into: Facility, following: readonly string[] = []): Pair[] {
  const fields = [...mergeable, ...[...new Set([...Object.keys(gone.fields), ...Object.keys(into.fields)])].sort().map((name) => `fields.${name}`)]
  return fields
    .map((field) => ({ field, gone: valueIn(gone, field), into: valueIn(into, field) }))
    .filter((pair) => !following.includes(pair.field) && !empty(pair.gone) && JSON.stringify(pair.gone) !== JSON.stringify(pair.into))
}

/** What is taken unless somebody says otherwise: what the one that stays does not know. */
export function suggested(pairs: readonly Pair[]): string[] {
  return pairs.filter((pair) => empty(pair.into)).map((pair) => pair.field)
}
