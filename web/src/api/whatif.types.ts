/** What a plan would change, as the API tells it; only what changes is listed. */

export interface WhatIfCount {
  covered: number
  uncovered: number
  unsnapped: number
  population_coverage: number | null
}

export interface WhatIfBand {
  band: string
  gained: number
  lost: number
  nearer: number
  farther: number
  before: WhatIfCount
  after: WhatIfCount
}

export interface WhatIfUnits {
  total: number
  before: number
  after: number
  unit_coverage_before: number | null
  unit_coverage_after: number | null
}

export interface WhatIfDivision {
  code: string
  level: string
  parent: string
  name_zh: string
  name_en: string
  bands: WhatIfBand[]
  units: WhatIfUnits
  points: { gained: number; lost: number }
}

export interface WhatIfServed {
  band: string
  before: number
  after: number
  only_after: number
  gained: number
  lost: number
  nearest_after: number
}

export interface WhatIfFacility {
  id: string
  name_zh: string
  name_en: string
  lon: number
  lat: number
  added: boolean
  moved: boolean
  open: boolean
  snapped: boolean
  /** where it meets the street */
  street: [number, number] | null
  bands: WhatIfServed[]
}

/** Population points of one fate, with the seconds of their walks today and with the plan;
 *  -1 is beyond the limit, -2 without a path. */
export interface WhatIfPoints {
  fate: string
  ids: string[]
  before: number[]
  after: number[]
}

/** What a step about streets is of, as it is today. */
export interface WhatIfStreet {
  step: number
  do: string
  id: string
  name: string
  class: string
  gate: string
  length_m: number
  division_code: string
  at: [number, number]
  geometry: { type: 'MultiLineString'; coordinates: [number, number][][] }
}

export interface WhatIfAnswer {
  points: WhatIfPoints[]
  streets: WhatIfStreet[]
  version: string
  bands: WhatIfBand[]
  units: WhatIfUnits
  divisions: WhatIfDivision[]
  facilities: WhatIfFacility[]
  circles: { id: string; geometry: { type: 'MultiPolygon'; coordinates: number[][][][] } }[]
}
