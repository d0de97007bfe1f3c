import type { Words } from './types'

/** Who walks in a question. */
export type Walker = 'plain' | 'elder' | 'step_free'

/** A coverage question as the API takes it: by time (limit and speed) or by distance
 *  (metres); of types judged by division neither. What is not asked is left out. */
export interface CoverageQuery {
  type: string
  base: string
  limit?: number
  speed?: number
  metres?: number
  profile?: Exclude<Walker, 'plain'>
  at?: string
  tier?: string
}

/** The question as it was answered. */
export interface AnsweredQuery {
  type: string
  base: string
  limit: number | null
  speed: number | null
  metres: number | null
  profile: Walker
  at: string
  tier: string
}

/** How an answer was judged, and what of the question had no bearing. */
export interface Judged {
  judged_by: 'walk' | 'division'
  judged_level: string
  remarks: Words[]
  untiered: number
}

/** By how many facilities the covered of a band are covered; null where walks are too long
 *  to count them all. */
export interface Overlap {
  covered_by_one?: number | null
  covered_by_several?: number | null
}

/** Whom one facility serves, by band: those who have no other, those who have, and those
 *  whose nearest it is. */
export interface Served {
  only?: number[] | null
  shared?: number[] | null
  nearest?: number[] | null
}

export type StreetClass = 'sound' | 'thin' | 'poor' | 'unknown'

export type StreetPart = 'density' | 'near' | 'joined' | 'ends'

/** How far the street data of one division can be trusted. */
export interface StreetData {
  code: string
  name_zh: string
  name_en: string
  score: number | null
  class: StreetClass
  parts: Record<StreetPart, number | null>
  area_ha: number
  street_m: number
  people: number
  far_people: number
  island_people: number
  buildings: number
  far_buildings: number
  dangles: number
}

export interface Survey {
  version: string
  base: string
  /** of the divisions; '' where the data have none */
  level: string
  divisions: StreetData[]
}
