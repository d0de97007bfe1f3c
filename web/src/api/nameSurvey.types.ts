import type { Geometry } from 'geojson'

/** Visits to the places of cases of place names, as the server answers them. */

export interface SurveyCode {
  code: string
  zh: string
  en: string
}

/** What somebody needs of a case at its place. */
export interface SurveySite {
  case_id: string
  number: string
  act: 'naming' | 'renaming' | 'retirement'
  text: string
  /** of a renaming */
  proposed_text: string
  kind: string
  division_code: string
  reason: string
  ended: boolean
  extent: { from?: string; to?: string; via?: string; position?: string }
  length_m: number | null
  width_m: number | null
  site_m2: number | null
  geometry?: Geometry
  visits: number
}

export interface SurveyCodes {
  point_kinds: SurveyCode[]
  directions: SurveyCode[]
  agreements: SurveyCode[]
}

export interface SurveyList extends SurveyCodes {
  cases: SurveySite[]
}

/** Where a device was: milliseconds, WGS 84, metres of accuracy. */
export interface Fix {
  t: number
  lon: number
  lat: number
  accuracy_m?: number
}

export interface NotedPoint extends Fix {
  kind: string
  note?: string
}

export interface SurveyPerson {
  office: string
  name?: string
}

export interface Findings {
  length_m?: number
  width_m?: number
  direction?: string
  signs?: string
  agreement?: string
  remark?: string
}

export interface Visit {
  id: string
  version: number
  case_id: string
  division_code: string
  day: string
  people: SurveyPerson[]
  track: Fix[]
  walked_m: number
  along_m: number | null
  points: NotedPoint[]
  findings: Findings
  note: string
  photos: number
  counts: boolean
  missing: SurveyCode[]
  record: { label_zh: string; label_en: string; zh: string; en: string }[]
  entered_by: string
  settled: boolean
}

export interface VisitList extends SurveyCodes {
  case: SurveySite
  visits: Visit[]
  may_write: boolean
}
