/** Where new facilities should be, as the server answers. People are decimals with at most
 *  four digits, shares are of one. */

export type Aim = 'most_people' | 'fewest_sites' | 'shortest_ways'

export interface SitingQuestion {
  type: string
  limit: number
  speed: number
  base: string
  band: string
  aim: Aim
  sites: number
  share: number
  candidates: { spacing_m?: number; within?: string; points?: SitingPoint[] }
}

export interface SitingPoint {
  id: string
  lon: number
  lat: number
}

export interface SitingSpot {
  id: string
  lon: number
  lat: number
  division_code: string
  division_zh: string
  division_en: string
}

export interface SitingSite extends SitingSpot {
  number: number
  given: boolean
  only: number
  shared: number
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

export interface SitingAnswer {
  query: { type: string; limit: number; speed: number; base: string }
  version: string
  aim: Aim
  band: string
  sites: SitingSite[]
  existing: number
  candidates: { count: number; given: number; refused: { id: string; reason_zh: string; reason_en: string }[] }
  result: {
    unit: 'people' | 'sites' | 'seconds'
    before: number
    value: number
    bound: number
    gap: number
    proven: boolean
    statement_zh: string
    statement_en: string
  }
  bands: SitingBand[]
  divisions: SitingDivision[]
}
