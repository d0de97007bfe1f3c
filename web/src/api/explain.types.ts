/** What is behind a figure, as the API tells it. */

export type ExplainedPart = 'population' | 'covered' | 'uncovered' | 'unsnapped' | 'one' | 'several' | 'nearest' | 'gained' | 'lost' | 'nearer' | 'farther'

export interface ExplainedFacility {
  id: string
  name_zh: string
  name_en: string
}

export interface ExplainedReason {
  code: string
  zh: string
  en: string
}

export interface ExplainedPoint {
  id: string
  lon: number
  lat: number
  division_code: string
  division_zh: string
  division_en: string
  people: number
  state: 'covered' | 'uncovered' | 'unsnapped'
  seconds: number | null
  walk_m: number | null
  nearest: ExplainedFacility | null
  sites: number
  reason: ExplainedReason | null
  access_m: number | null
  street: string
  street_class: string
  street_source: string
  before: { state: string; seconds: number | null; walk_m: number | null; nearest: ExplainedFacility | null } | null
}

export interface ExplainedCount {
  population: number
  covered: number
  uncovered: number
  unsnapped: number
  population_coverage: number | null
  one: number
  several: number
}

export interface ExplainedFigure {
  version: string
  asked_again: string
  people: number
  points: number
  count: ExplainedCount | null
  rows: ExplainedPoint[]
  next: string | null
}

export interface ExplainedUnit {
  code: string
  name_zh: string
  name_en: string
  has: boolean
  inside: ExplainedFacility[]
  assigned: ExplainedFacility[]
}

export interface ExplainedUnits {
  version: string
  units: number
  units_with: number
  unit_coverage: number | null
  rows: ExplainedUnit[]
}

export type StretchKind = 'off_street' | 'street' | 'stairs' | 'crossing' | 'gate'

export interface ExplainedStretch {
  kind: StretchKind
  name: string
  class: string
  ways: string[]
  metres: number
  seconds: number | null
  wait_s: number
  rise_m: number
  fall_m: number
}

export interface ExplainedRoute {
  features: {
    type: 'Feature'
    geometry: { type: 'LineString'; coordinates: [number, number][] } | { type: 'Point'; coordinates: [number, number] }
    properties: ExplainedStretch
  }[]
  point: ExplainedPoint
  facility: (ExplainedFacility & { lon: number; lat: number }) | null
  found: boolean
  counted: boolean
  seconds: number | null
  metres: number | null
  looked_m: number
  reason: ExplainedReason | null
}

interface Both {
  zh: string
  en: string
}

export interface ExplainedSources {
  version: string
  app_version: string
  as_of: string
  network_version: string
  layers: {
    kind: string
    files: { name: string; format: string; licence: string; how: string }[]
    rows: number
    digest: string
    stored_at: string | null
    crs: string
    crs_accepted: boolean
    facts: Both[]
    warnings: Both[]
  }[]
  notices: { zh: string; en: string; url: string; licence: string }[]
  network: { nodes: number; edges: number; length_m: number; islands: number; island_length_m: number; island_people: number[]; unsnapped_people: number[]; snap_limit_m: number }
  limits: { minutes: number; distance_m: number; per: string; grade: string; grade_words: Both; cite: Both }[]
  rules: {
    rule: string
    title: Both
    threshold: Both
    where: Both
    here: boolean
    grade: string
    grade_words: Both
    unread: boolean
    source: Both
    clause: Both
    sentence: string
    sentence_en: string
    note: Both
  }[]
  formulas: ({ figure: string } & Both)[]
}
