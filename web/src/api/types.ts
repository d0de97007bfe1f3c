/** What the server answers, as far as the screens use it. Numbers of people are
 *  decimals with at most four digits; lengths are metres, times seconds. */

export interface Words {
  zh: string
  en: string
}

export type Bounds = [west: number, south: number, east: number, north: number]

export interface Status {
  ready: boolean
  stage: string
  stage_zh: string
  stage_en: string
  done: number
  total: number
  version: string
}

export interface Band {
  id: string
  from: number
  to: number | null
  widest: boolean
}

export interface Notice extends Words {
  url: string
  licence: string
}

export interface District {
  adcode: string
  slug: string
  name: Words
  synthetic: boolean
  examples: boolean
  bounds: Bounds
  version: string
  bands: Band[]
  bases: string[]
  levels: string[]
  notices: Notice[]
  absent: Words[]
  network: {
    nodes: number
    edges: number
    length_m: number
    islands: number
    island_length_m: number
    snap_limit_m: number
  }
  base_map: { enabled: boolean; review_number: string; url: string }
  defaults: { type: string; band: string; limit_s: number; speed: number }
  speeds: number[]
  limits_s: number[]
}

export type Measure = 'walk' | 'presence' | 'drive'

export interface FacilityType {
  type: string
  zh: string
  en: string
  group: string
  group_zh: string
  group_en: string
  measure: Measure
  capacity_unit: string
  open: number
  total: number
}

export interface Facility {
  id: string
  type: string
  name_zh: string
  name_en: string
  status: string
  example: boolean
  address: string
  capacity: number
  serves: string[]
  division_code: string
  lon: number
  lat: number
  version?: number
}

export interface FacilityPage {
  facilities: Facility[]
  next: string | null
}

export interface BandTotals {
  band: string
  population: number
  covered: number
  uncovered: number
  unsnapped: number
  /** null where nobody of the band lives or the question has no answer */
  population_coverage: number | null
}

export interface DivisionRow {
  /** empty for the people who live outside every division */
  code: string
  level: string
  parent: string
  name_zh: string
  name_en: string
  complete: boolean
  setting: string
  bands: BandTotals[]
  units: number
  units_with: number
  unit_coverage: number | null
}

export interface SiteRow {
  id: string
  name_zh: string
  name_en: string
  lon: number
  lat: number
  snapped: boolean
  example: boolean
  reached: number[]
  circle_area_m2: number
}

export interface GapRow {
  id: string
  people: number[]
  points: number
  area_m2: number
  division_code: string
  lon: number
  lat: number
  bbox: number[]
}

export interface CoverageAnswer {
  version: string
  measure: Measure
  note: Words | null
  bands: BandTotals[]
  units: number
  units_with: number
  unit_coverage: number | null
  divisions: DivisionRow[]
  facilities: SiteRow[]
  gaps: GapRow[]
  absent_levels: Words[]
}

export interface PeoplePoint {
  id: string
  lon: number
  lat: number
  division_code: string
  people: number[]
  state: string
  seconds: number | null
  nearest: { id: string; type: string; name_zh: string; name_en: string; lon: number; lat: number } | null
  walk_m?: number
  access_m?: number
}

export interface Problem {
  title?: string
  detail?: string
  status?: number
  code?: string
}
