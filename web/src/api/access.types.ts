/** How much of a supply people can get at, as the server answers. Places are per 1,000
 *  people, shares are of one, people are decimals with at most four digits. */

import type { AnsweredQuery, CoverageQuery } from './question.types'

export type AccessMethod = '2sfca' | 'gaussian' | 'enhanced' | 'gravity' | '3sfca'

export interface AccessCapacity {
  id: string
  capacity: number
}

export interface AccessQuestion extends CoverageQuery {
  band: string
  method: AccessMethod
  capacity_for_unknown?: number
  under?: number[]
  steps?: Record<string, unknown>[]
  capacities?: AccessCapacity[]
  boundaries?: boolean
}

export interface AccessSpread {
  people: number
  mean: number | null
  p10: number | null
  p25: number | null
  p50: number | null
  p75: number | null
  p90: number | null
  without: number
  below_half: number
  below_half_share: number | null
  gini: number | null
  under: { places: number; people: number; share: number | null }[]
}

export interface AccessTotals extends AccessSpread {
  unsnapped: number
  supply: number
  supply_reached: number
  handed_out: number
  people_per_place: number | null
  capacities: { open: number; recorded: number; stated: number; planned: number; unknown: number; zero: number; unreached: number }
  lorenz: number[] | null
}

export interface AccessChange {
  mean: number | null
  more: number
  less: number
}

export interface AccessDivision {
  code: string
  level: string
  parent: string
  name_zh: string
  name_en: string
  before: AccessSpread
  after: AccessSpread | null
  change: AccessChange | null
  geometry: { type: 'MultiPolygon'; coordinates: number[][][][] } | null
}

export interface AccessShare {
  capacity: number | null
  capacity_source: 'recorded' | 'stated' | 'planned' | 'unknown'
  counts: boolean
  within: number
  demand: number
  ratio: number | null
  people_per_place: number | null
  load: number | null
}

export interface AccessFacility {
  id: string
  name_zh: string
  name_en: string
  lon: number
  lat: number
  added: boolean
  moved: boolean
  example: boolean
  snapped: boolean
  before: AccessShare | null
  after: AccessShare | null
}

export interface AccessAnswer {
  query: AnsweredQuery
  version: string
  band: string
  method: AccessMethod
  unit: { unit: string; zh: string; en: string }
  capacity_for_unknown: number
  untiered: number
  law: { zh: string; en: string }
  before: AccessTotals
  after: AccessTotals | null
  change: AccessChange | null
  divisions: AccessDivision[]
  facilities: AccessFacility[]
}
