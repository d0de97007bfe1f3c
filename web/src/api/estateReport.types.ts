/** What a district's new estates come to, and what is around one, as the server answers. */

import type { Code } from './premises.types'
import type { Conclusion } from './estates.types'

export interface Words {
  zh: string
  en: string
}

export type Standpoint = 'pass' | 'fail' | 'undetermined' | 'undated' | 'apart'

export interface EstateRate {
  id: string
  title: Words
  /** its text is of this place */
  here: boolean
  source: Words
  sentence: Words
  grade: string
  grade_words: Words
  counted: Words
  target: number
  denominator: number
  percent: number | null
  at_most: number | null
  passed: string[]
  failed: string[]
  undetermined: string[]
  undated: string[]
}

export interface EstateTally {
  estates: number
  compliant: number
  not_compliant: number
  open: number
  households: number
  people: number
}

export interface EstateDebts {
  norm: string
  owed: number
  provided: number
  short: number
  estates: number
  in_debt: number
  unknown: number
}

export interface EstateDivision {
  code: string
  name: Words
  built: number
  new: EstateTally
  debts: EstateDebts[]
}

export interface EstateStage {
  code: string
  zh: string
  en: string
  passed: number
  asked: number
  waiting: number
  overdue: number
  compliant: number
  not_compliant: number
  open: number
}

export interface EstateYear extends EstateTally {
  /** null where no day is known */
  year: number | null
}

export interface EstateDebt {
  norm: string
  owed: number | null
  share: number | null
  provided: number | null
  short: number | null
  /** else the rule is for information */
  binds: boolean
  of_community: boolean
  rule: string
  rule_title: Words
  sentence: Words
  why: Words
}

export interface EstateLine {
  id: string
  name: string
  kind: 'new' | 'built'
  division_code: string
  subdistrict: Words
  community: Words
  developer: string
  households: number
  people: number
  completed_on: string | null
  concluded_on: string | null
  next_milestone: string | null
  conclusion: Conclusion | null
  debts: EstateDebt[]
  rates: Record<string, Standpoint>
}

export interface EstatesReport {
  of: Words
  day: string
  notices: Words[]
  rates: EstateRate[]
  all: EstateDivision
  subdistricts: EstateDivision[]
  communities: EstateDivision[]
  elsewhere: EstateDivision
  milestones: EstateStage[]
  completed: EstateYear[]
  concluded: EstateYear[]
  estates: EstateLine[]
}

export interface RetrofitRoom {
  id: string
  name: string
  area: number
  metres: number
  new_use: boolean
  all_of_it: boolean
}

export interface RetrofitWay {
  way: string
  why: Words
  enough: boolean
  rooms: RetrofitRoom[]
}

export interface RetrofitEstate extends EstateLine {
  age: string
  affected: number
  counted: boolean
  nothing: boolean
  lacks: (EstateDebt & { suggested: RetrofitWay[] })[]
  deadline: { words: Words; sentence: Words; plan: string; last: string | null; late: boolean } | null
}

export interface EstatesRetrofit {
  day: string
  notices: Words[]
  ways: Code[]
  ages: Code[]
  estates: RetrofitEstate[]
}

/** People of everybody's age band and of the elders'. */
export interface AroundPeople {
  all: number
  elders: number
}

export interface AroundPlace {
  id: string
  name: Words
  seconds: number
  lon: number
  lat: number
  example: boolean
}

export interface AroundLoad extends AroundPlace {
  before: number
  added: number
  capacity: number | null
  per_1000_before: number | null
  per_1000_after: number | null
}

export interface AroundType {
  type: string
  name: Words
  group: string
  /** else it is judged by division */
  walked: boolean
  reached: boolean
  nearest: AroundPlace | null
  within: number
  reason: Words
  capacity_unit: Words
  for_elders: boolean
  loads: AroundLoad[]
  planned: { rooms: string[]; area: number | null; at_exit: boolean; reached: boolean; gained: AroundPeople; gap: AroundPeople } | null
}

export interface EstateAround {
  exit: { lon: number; lat: number; gate: boolean; off_m: number } | null
  why: Words
  minutes: number
  profile: string
  speed: number
  base: string
  people: AroundPeople
  derived: boolean
  elder_band: string
  widest_band: string
  types: AroundType[]
  notices: Words[]
}
