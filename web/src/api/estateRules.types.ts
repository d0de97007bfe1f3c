/** Rules of new estates: those that apply, and what a bureau makes of them. */

export type Severity = 'error' | 'warning' | 'info'
export type RuleOutcome = '' | 'pass' | 'fail' | 'undetermined' | 'not_applicable'
export type RuleConclusion = 'compliant' | 'not_compliant' | 'open'

export interface RuleForm {
  code: string
  zh: string
  en: string
  rule: string
  subject: string
  parameter: 'at_least' | 'at_most' | 'between' | 'tiers' | 'elements' | 'none' | 'from'
  unit_zh: string
  unit_en: string
  low: number
  high: number
  decimals: number
  kinds: boolean
  settings: boolean
  people: boolean
}

export interface RuleForms {
  forms: RuleForm[]
  grades: { grade: string; zh: string; en: string }[]
}

/** Where a rule stands. */
export interface RuleDocument {
  number?: string
  title?: string
  issuer?: string
  day?: string
}

export interface RuleTier {
  below: number | null
  value: number
}

/** What a person writes of a rule. */
export interface RuleContent {
  kind: 'norm' | 'waiver'
  division: string
  title_zh?: string
  title_en?: string
  from?: string
  until?: string
  form?: string
  value?: number
  value_text?: string
  upper?: number
  upper_text?: string
  strict?: boolean
  tiers?: RuleTier[]
  elements?: string[]
  applies?: string
  setting?: string
  from_people?: number
  waives?: string
  severity?: string
  grade?: string
  sentence?: string
  sentence_en?: string
  source?: RuleDocument
  read_by?: string
  read_on?: string
  note?: string
  replaces?: string
}

/** A rule as it is checked, in words. */
export interface RuleLaw {
  key: string
  rule: string
  local: string
  subject: string
  title_zh: string
  title_en: string
  severity: Severity
  formula_zh: string
  formula_en: string
  threshold_zh: string
  threshold_en: string
  when_zh: string
  when_en: string
  where_zh: string
  where_en: string
  from: string
  until: string
  in_force: boolean
  grade: string
  grade_zh: string
  grade_en: string
  source_zh: string
  source_en: string
  clause_zh: string
  clause_en: string
  sentence: string
  sentence_en: string
  note_zh: string
  note_en: string
  waivers: { local: string; zh: string; en: string; where_zh: string; where_en: string; from: string; until: string }[]
}

export interface RuleSigned {
  by: string
  day: string
  reason: string
}

export interface RuleFault {
  field: string
  zh: string
  en: string
}

export interface LocalRule {
  id: string
  version: number
  state: 'draft' | 'adopted' | 'superseded' | 'withdrawn'
  content: RuleContent
  place_zh: string
  place_en: string
  attached: number
  words: RuleLaw
  adoption?: RuleSigned
  ending?: RuleSigned
  tried?: { version: number; at: string; by: string }
  lacks: RuleFault[]
  may_write: boolean
}

export interface Rules {
  day: string
  district: string
  may_write: boolean
  rules: RuleLaw[]
  local: LocalRule[]
  misfits: { id: string; why: string }[]
}

export interface RuleCheck {
  faults: RuleFault[]
  lacks: RuleFault[]
  value: number | null
  upper: number | null
  words?: RuleLaw
  beside: { rule: RuleLaw; relation: 'stricter' | 'looser' | 'equal' | 'differs' }[]
}

export interface RuleSide {
  key: string
  local: string
  outcome: RuleOutcome
  threshold_zh: string
  threshold_en: string
  value: number | null
  missing: number
  unit: string
  waiver: string
}

export interface RuleDifference {
  estate: string
  name: string
  division: string
  place_zh: string
  place_en: string
  room: number
  room_name: string
  rule: string
  title_zh: string
  title_en: string
  before: RuleSide
  after: RuleSide
  conclusion_before: RuleConclusion
  conclusion_after: RuleConclusion
}

export interface RuleTally {
  compliant: number
  not_compliant: number
  open: number
  short_m2: number
}

export interface RuleTurnout {
  division: string
  place_zh: string
  place_en: string
  checked: number
  changed: number
  turned: number
  before: RuleTally
  after: RuleTally
}

export interface RuleTrial {
  version: number
  at: string | null
  by: string
  day: string
  all: RuleTurnout
  divisions: RuleTurnout[]
  differences: RuleDifference[]
  total: number
}
