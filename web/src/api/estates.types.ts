/** New housing estates, what they owe and what rules find of them, as the server answers. */

import type { Code, UseCode } from './premises.types'
import type { Finding } from './standards.types'
import type { Polygon } from 'geojson'

/** What the form and the words of estates need to know. */
export interface EstateCodes {
  kinds: Code[]
  milestones: Code[]
  verdicts: Code[]
  conclusions: Code[]
  elements: Code[]
  norms: Code[]
  uses: UseCode[]
}

export interface EstatePart {
  use: string
  area: number
  counts_for?: string
}

/** One unit of planned premises. Areas are square metres; null and 0 are not known. */
export interface EstateRoom {
  id?: string
  ledger_id?: string | null
  name?: string
  building?: string
  floor?: string
  room_no?: string
  use?: string
  parts?: EstatePart[] | null
  area?: number | null
  land_share?: number | null
  phase?: number | null
  own_entrance?: boolean | null
  lift?: boolean | null
  position?: [number, number] | null
  present_use?: string | null
  started_on?: string | null
  accepted_on?: string | null
  handed_over_on?: string | null
}

export interface EstatePhase {
  no: number
  name?: string
  households?: number | null
  housing_started_on?: string | null
  housing_accepted_on?: string | null
}

export interface EstatePaper {
  number?: string
  day?: string | null
  title?: string
}

export interface EstateHub {
  area?: number | null
  functions?: string[] | null
}

/** What people write of an estate. */
export interface EstateContent {
  name: string
  place_name_id?: string | null
  kind: string
  division_code?: string
  boundary?: Polygon | null
  developer?: string
  completed_on?: string | null
  households?: number | null
  people?: number | null
  measured_people?: number | null
  site_area?: number | null
  housing_floor?: number | null
  floor_above?: number | null
  floor_below?: number | null
  phases?: EstatePhase[] | null
  rooms?: EstateRoom[] | null
  conditions?: EstatePaper | null
  plan?: EstatePaper | null
  provided?: string[] | null
  hub?: EstateHub | null
  note?: string
}

export interface Estate extends EstateContent {
  id: string
  version: number
  division_code: string
  valid_from: string | null
  /** a point inside; null where nobody drew it */
  position: [number, number] | null
  /** square metres inside of the boundary; 0 where nobody drew it */
  boundary_area: number
  /** that rules go by: people, else households times people per household; 0 where neither is known */
  planned_people: number
  may_write: boolean
}

export type Conclusion = 'compliant' | 'not_compliant' | 'open'

/** An estate in the list. */
export interface EstateRow {
  id: string
  version: number
  name: string
  kind: string
  division_code: string
  /** 0 is not known */
  households: number
  people: number
  /** a point inside; null where nobody drew it */
  position: [number, number] | null
  developer: string
  completed_on: string | null
  community_area: number
  elderly_area: number
  community_owed: number | null
  elderly_owed: number | null
  community_short: number | null
  elderly_short: number | null
  conclusion: Conclusion
  failed: number
  unknown: number
  warnings: number
  next_milestone: string | null
  passed: string[]
  overdue: number
  checked_at: string
}

export interface EstatePage {
  estates: EstateRow[]
  /** of all pages */
  total: number
  /** by conclusion, whichever conclusion is asked for */
  counts: Record<Conclusion, number>
  next: string | null
}

export interface EstateFilter {
  division?: string
  kind?: string
  conclusion?: string
  milestone?: string
  overdue?: string
  /** of this kind of premises something is missing */
  short?: string
  q?: string
}

/** The estate's part in what a rule asks of its community. */
export interface EstateShare {
  area: number
  /** 0 is not known */
  households: number
  per_100: number | null
  /** square metres that the estate needs so that the community reaches the norm */
  owed: number | null
}

/** A finding of an estate, of its community with it, or of one of its rooms. */
export interface EstateFinding extends Finding {
  /** index into the rooms; -1 for the estate as a whole */
  room_index: number
  room_id?: string
  room_name?: string
  subject?: 'estate' | 'community' | 'room'
  strictest?: boolean
  /** how much is lacking of the first input, or too much of the value */
  missing?: number
  /** of missing; '' where nothing is */
  missing_unit?: string
  estate_share?: EstateShare | null
}

/** What a check knew of the estate's community, without the estate. */
export interface EstateCommunity {
  known: boolean
  name: string
  rural: boolean
  households: number
  area: number
  elderly: number
}

export interface EstateCheck {
  day: string
  milestone: string | null
  conclusion: Conclusion
  failed: number
  unknown: number
  warnings: number
  community: EstateCommunity
  findings: EstateFinding[]
}
