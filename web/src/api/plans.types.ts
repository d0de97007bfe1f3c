/** The plan board as the server answers it. A figure that is not known is null, and never
 *  0; what a plan writes keeps its text. */

export interface Words {
  zh: string
  en?: string
}

export interface Amount {
  text: string
  number: number | null
  compare: '' | '≥' | '>' | '≤' | '<' | 'all' | 'range'
}

export interface Source {
  document?: string
  where?: string
  quote: string
}

export interface Condition {
  field: string
  is: string[]
}

export interface Selection {
  type: string
  where?: Condition[]
}

export interface Formula {
  kind: string
  of?: Selection[]
  field?: string
  of_field?: string
  part?: Condition[]
  setting?: '' | 'urban' | 'rural'
  rank?: '' | 'street' | 'town'
  min_area?: number
  urban_min?: number
  rural_min?: number
  divide_by?: number
  rate?: string
}

export interface Contradiction {
  what: Words
  a: { says: Words; source: Source }
  b: { says: Words; source: Source }
}

export interface PlanGroup {
  key: string
  zh: string
  en?: string
}

export interface PlanBody {
  title: Words
  authority: Words
  region: string
  base_year: number
  target_year: number
  documents: { key: string; title: string }[]
  reviews: { year: number; kind: ReviewKind; source: Source }[]
  groups: PlanGroup[]
  note: Words
  ended: boolean
}

export type ReviewKind = 'mid-term' | 'final'

export interface Plan extends PlanBody {
  id: string
  version: number
  template: string
}

export interface PlanSummary extends Plan {
  indicators: number
  numbered: number
  projects: number
}

export interface TemplateSummary {
  key: string
  title: Words
  authority: Words
  base_year: number
  target_year: number
  note: Words
  documents: { key: string; title: string }[]
  numbered: number
  in_text: number
  computed: number
  contradictions: number
  projects: number
}

export interface Template {
  key: string
  plan: PlanBody
  indicators: Indicator[]
  projects: Project[]
}

export type Kind = '' | 'binding' | 'anticipatory'
export type Status = 'met' | 'near' | 'behind' | 'unknown'
export type Lead = '' | 'computed' | 'sealed' | 'entered'

export interface Yearly {
  year: number
  target: Amount
  source: Source
}

export interface Indicator {
  id: string
  version: number
  key: string
  number: number
  group: string
  name: Words
  unit: Words
  kind: Kind
  ratio: boolean
  definition: Words
  base: string
  scope: Words
  baseline: Amount
  target: Amount
  yearly: Yearly[]
  sources: Source[]
  office: string
  formula: Formula
  formula_text: Words
  prefer: 'computed' | 'entered'
  contradictions: Contradiction[]
}

/** what a person writes of an indicator */
export interface IndicatorWrite extends Omit<Indicator, 'id' | 'version' | 'key' | 'formula_text' | 'baseline' | 'target' | 'yearly'> {
  baseline: string
  target: string
  yearly: { year: number; target: string; source: Source }[]
  reason: string
}

export interface Evidence {
  document: string
  quote?: string
  day?: string
}

export interface Value {
  id: string
  version: number
  indicator: string
  year: number
  source: 'entered' | 'sealed'
  number: number | null
  words: string
  verdict: '' | 'met' | 'not_met'
  evidence: Evidence
  who: string
  on: string
  kept_day?: string
  kept_text?: Words
}

export interface ValueWrite {
  number: number | null
  words: string
  verdict: Value['verdict']
  evidence: Evidence
  reason: string
}

export type ProjectState = 'planned' | 'building' | 'done' | 'dropped'

export interface ProjectBody {
  name: Words
  from: number
  to: number
  state: ProjectState
  place: string
  indicator: string
  facility: string
  note: string
  source: Source
}

export interface Project extends ProjectBody {
  id: string
  version: number
}

export interface Result {
  day: string
  number: number | null
  at_least: number | null
  reason: Words
  inputs: { name: Words; number: number | null; unit: Words }[]
  bases: { base: string; people: number; number: number }[]
  units?: { total: number; own: number; assigned: number; without: number }
  reach?: { share: number | null; covered: number; population: number; base: string; band: string; minutes: number; day: string; reason: Words }
  notes: Words[]
  counted: number
  lacking: number
}

export interface YearLine {
  year: number
  target?: Amount
  number: number | null
  from: Lead
  status: Status
}

export interface Line {
  indicator: Indicator
  live?: Result
  sealed?: Value
  entered?: Value
  number: number | null
  at_least: number | null
  from: Lead
  status: Status
  against: '' | 'yearly' | 'earlier' | 'final' | 'line'
  expected: number | null
  why: Words
  way: number | null
  apart: Words
  years: YearLine[]
}

export interface Tally {
  met: number
  near: number
  behind: number
  unknown: number
}

export interface Board {
  plan: Plan
  year: number
  kind: '' | ReviewKind
  /** of the facts; '' for a year that has not begun */
  day: string
  today: string
  tally: Tally
  binding: Tally
  lines: Line[]
  projects: Project[]
  notices: Words[]
}

export interface CountedFacility {
  id: string
  name_zh: string
  name_en: string
  type: string
  division_code: string
  /** it counts; else it lacks what is needed to */
  counted: boolean
  example: boolean
}

export interface Explanation {
  line: Line
  facilities: CountedFacility[]
  more: number
  withheld: boolean
  without: { code: string; name_zh: string; name_en: string }[]
}

export interface TypeField {
  field: string
  zh: string
  en: string
  values: { value: string; zh: string; en: string }[]
}

export interface FormulaInfo {
  kind: string
  zh: string
  en: string
  of: boolean
  field: boolean
  of_field: boolean
  part: boolean
  setting: boolean
  rank: boolean
  min_area: boolean
  minimum: boolean
  rate: boolean
}

export interface FormulaType {
  type: string
  zh: string
  en: string
  numbers: TypeField[]
  conditions: TypeField[]
}

export interface Formulas {
  formulas: FormulaInfo[]
  bases: { base: string; zh: string; en: string }[]
  types: FormulaType[]
  rates: { code: string; zh: string; en: string }[]
  near: number
}

export interface Sealed {
  year: number
  kept: number
  renewed: number
  stood: number
  unknown: number
}

export interface NewPlan {
  template?: string
  title?: Words
  authority?: Words
  region?: string
  base_year?: number
  target_year?: number
  groups?: PlanGroup[]
  documents?: { key: string; title: string }[]
  note?: Words
  reason: string
}
