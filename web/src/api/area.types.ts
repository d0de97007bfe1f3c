/** Counts of the people of an area, as the API tells them. */

export interface AreaCount {
  covered: number
  uncovered: number
  unsnapped: number
  one: number
  several: number
  population_coverage: number | null
}

export interface AreaBand {
  band: string
  population: number
  before: AreaCount
  after: AreaCount
}

export interface AreaFacility {
  id: string
  name_zh: string
  name_en: string
  lon: number
  lat: number
  inside: boolean
  inside_after: boolean
  open: boolean
  added: boolean
  /** people of the area whose nearest it is, per band */
  bands: { band: string; before: number; after: number }[]
}

export interface AreaAnswer {
  query: { type: string; base: string } & Record<string, unknown>
  version: string
  points: number
  bands: AreaBand[]
  facilities: AreaFacility[]
  divisions: { code: string; name_zh: string; name_en: string }[]
  /** per band, who of the area walks to the facility asked about; null where that is no question */
  reaching: number[] | null
}
