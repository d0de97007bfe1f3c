/** Where new facilities should be, as the server answers them. People are decimals with at
 *  most four digits, shares are of one, money is in the unit that was asked in. */
import type { Corner } from '../map/ring'
import type { AnsweredQuery, CoverageQuery } from './question.types'

export type Aim = 'most_people' | 'fewest_sites' | 'shortest_ways' | 'shortest_longest'
export type Source = 'street' | 'point' | 'room'
export type UnknownCapacity = 'boundless' | 'left_out'

export interface SitingQuestion extends CoverageQuery {
  band: string
  aim: Aim
  sites?: number
  share: number
  price?: number
  budget?: number
  prefer?: { band: string; times: number }
  capacity?: { new?: number; use_rate?: number; unknown?: UnknownCapacity }
  required?: string[]
  replaced?: string[]
  candidates: SitingCandidates
}

export interface SitingCandidates {
  spacing_m?: number
  points?: SitingPoint[]
  rooms?: { use?: string; min_area_m2?: number; floor?: number; free?: boolean }
  within?: string[]
  areas?: Corner[][]
  excluded?: Corner[][]
  apart_m?: number
}

export interface SitingPoint {
  id: string
  lon: number
  lat: number
  price?: number
  capacity?: number
}

export interface SitingSpot {
  id: string
  source: Source
  name: string
  lon: number
  lat: number
  division_code: string
  division_zh: string
  division_en: string
}

export interface SitingLoad {
  people: number
  units: number
}

export interface SitingSite extends SitingSpot {
  number: number
  required: boolean
  only: number
  shared: number
  price: number | null
  capacity: number | null
  load: SitingLoad | null
  runner_up: SitingSpot | null
  runner_up_loss: number
}

export interface SitingBand {
  band: string
  population: number
  covered_before: number
  covered_after: number
  coverage_before: number | null
  coverage_after: number | null
}

export interface SitingDivision {
  code: string
  level: string
  parent: string
  name_zh: string
  name_en: string
  bands: SitingBand[]
}

export interface SitingRefusal {
  id: string
  source: Source
  name: string
  code: string
  reason_zh: string
  reason_en: string
}

export interface SitingExisting {
  id: string
  name_zh: string
  name_en: string
  capacity: number | null
  load: SitingLoad | null
}

export interface SitingLeftOut {
  division_code: string
  division_zh: string
  division_en: string
  why: 'no_path' | 'island' | 'too_far'
  people: number
  points: number
}

export interface SitingAnswer {
  query: AnsweredQuery
  version: string
  aim: Aim
  band: string
  sites: SitingSite[]
  existing: number
  replaced: string[]
  candidates: {
    count: number
    streets: number
    points: number
    rooms: number
    places: SitingSpot[]
    refused: SitingRefusal[]
    refused_count: number
  }
  result: {
    unit: 'people' | 'weighted' | 'sites' | 'money' | 'seconds' | 'metres'
    before: number | null
    value: number
    bound: number
    gap: number
    proven: boolean
    statement_zh: string
    statement_en: string
  }
  cost: { total: number; budget: number | null; newly_covered: number; per_person: number | null } | null
  capacity: { use_rate: number; unit_zh: string; unit_en: string; served: number; turned_away: number; existing: SitingExisting[] } | null
  left_out: SitingLeftOut[]
  bands: SitingBand[]
  divisions: SitingDivision[]
}

/** What a file of places says. */
export interface SitingList {
  crs: string
  places: { id: string; name: string; lon: number; lat: number; price: number | null; capacity: number | null; outlined: boolean }[]
  faults: { row: number; column: string; value: string; reason_zh: string; reason_en: string }[]
  ignored: string[]
}
