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
  bands: WhatIfServed[]
}

export interface WhatIfAnswer {
  version: string
  bands: WhatIfBand[]
  units: WhatIfUnits
  divisions: WhatIfDivision[]
  facilities: WhatIfFacility[]
  circles: { id: string; geometry: { type: 'MultiPolygon'; coordinates: number[][][][] } }[]
}
