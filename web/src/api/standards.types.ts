/** What facility types declare, and what the standards find, as the server answers. */

export type FieldKind = 'integer' | 'number' | 'text' | 'choice' | 'choices' | 'day' | 'boolean' | 'hours' | 'phone' | 'year'
export type TabName = 'signature' | 'service'

export interface TypeChoice {
  value: string
  zh: string
  en: string
}

/** A field that a type declares. */
export interface TypeField {
  field: string
  zh: string
  en: string
  kind: FieldKind
  unit: string
  unit_zh: string
  unit_en: string
  tab: TabName
  choices: TypeChoice[]
  min: number | null
  max: number | null
  /** a field that this one may not exceed */
  at_most: string
  /** to be published */
  required: boolean
  door_page: boolean
  hint_zh: string
  hint_en: string
}

/** How far a facility of a type serves, as a text says it. */
export interface TypeLimit {
  minutes: number
  distance_m: number
  per: string
  grade: string
  cite_zh: string
  cite_en: string
}

/** What a type declares beside its name. */
export interface TypeDeclared {
  capacity_zh: string
  capacity_en: string
  /** the field that the capacity follows; '' where it is written by itself */
  capacity_field: string
  door_page: boolean
  standards: string[]
  limits: TypeLimit[]
  fields: TypeField[]
  /** no longer asked for; what records have of them stays */
  past_fields: TypeField[]
  /** code word of its sign; '' for the one that the map knows the type by */
  icon: string
  /** no new facility is of it */
  retired: boolean
  /** who says what it is */
  origin: 'program' | 'file' | 'bureau'
}

/** A value of a field; null is not known. */
export type FieldValue = number | string | boolean | string[] | null

export type Outcome = 'pass' | 'fail' | 'undetermined' | 'not_applicable'
export type Severity = 'error' | 'warning' | 'info'

export interface FindingInput {
  name: string
  zh: string
  en: string
  known: boolean
  /** the value with its unit, or why it is not known */
  shown_zh: string
  shown_en: string
}

/** A less strict rule on the same value. */
export interface FindingBeaten {
  rule: string
  title_zh: string
  title_en: string
  threshold_zh: string
  threshold_en: string
  where_zh: string
  where_en: string
}

export interface Finding {
  rule: string
  aspect: string
  title_zh: string
  title_en: string
  outcome: Outcome
  severity: Severity
  reason_zh: string
  reason_en: string
  inputs: FindingInput[]
  formula_zh: string
  formula_en: string
  threshold_zh: string
  threshold_en: string
  value_zh: string
  value_en: string
  missing_zh: string
  missing_en: string
  where_zh: string
  where_en: string
  from: string
  until: string
  grade: string
  grade_zh: string
  grade_en: string
  unread: boolean
  source_zh: string
  source_en: string
  clause_zh: string
  clause_en: string
  sentence: string
  sentence_en: string
  note_zh: string
  note_en: string
  beats: FindingBeaten[]
}

export interface Quality {
  points: number
  reasons: { zh: string; en: string; lost: number }[]
}

export interface FacilityFindings {
  id: string
  day: string
  quality: Quality
  /** fields that publishing needs and the record lacks */
  missing: string[]
  findings: Finding[]
}

export interface FindingFilter {
  type?: string
  division?: string
  rule?: string
  severity?: string
  outcome?: string
}

/** A finding in the list of a district. */
export interface FindingRow {
  facility: string
  type: string
  name_zh: string
  name_en: string
  division: string
  division_zh: string
  division_en: string
  quality: number
  finding: Finding
}

export interface FindingPage {
  findings: FindingRow[]
  total: number
  next: string | null
}

/** A finding of a division: a subdistrict, a community, a grid, or the district itself. */
export interface DivisionFindingRow {
  division: string
  level: string
  name_zh: string
  name_en: string
  /** the division that it lies in; '' for none */
  upper_zh: string
  upper_en: string
  finding: Finding
}

export interface DivisionFindingPage {
  findings: DivisionFindingRow[]
  total: number
  next: string | null
}

export interface QualityRow {
  facility: string
  type: string
  name_zh: string
  name_en: string
  division: string
  division_zh: string
  division_en: string
  verified_on: string | null
  points: number
  reasons: { zh: string; en: string; lost: number }[]
}

export interface SubdistrictQuality {
  /** '' for facilities in none */
  division: string
  name_zh: string
  name_en: string
  records: number
  mean: number
  never: number
}

export interface QualityPage {
  records: QualityRow[]
  total: number
  mean: number | null
  subdistricts: SubdistrictQuality[]
  next: string | null
}
