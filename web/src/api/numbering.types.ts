/** What the server says of the numbering of doors (/numbering-rules, /numbering). Positions are
 *  longitude and latitude, WGS 84; lengths metres. */
import type { Geometry } from 'geojson'

export type LonLat = [number, number]

export interface NumberingSource {
  clause: string
  /** R, r, D, P or M */
  grade: string
  grade_zh?: string
  grade_en?: string
  zh?: string
  en?: string
}

export interface NumberingRows {
  first: string
  within: string
  serpentine?: boolean
  hundreds?: boolean
}

export interface RuleSet {
  key?: string
  name_zh: string
  name_en?: string
  layout: 'road' | 'rows'
  from: string[]
  odd_by: 'left' | 'right' | 'compass'
  odd_sides?: string[]
  counting: 'sequence' | 'distance'
  step_m?: number
  reserve_m?: number
  reserve_gaps?: boolean
  skip?: number[]
  dead_end_inward: boolean
  one_sided_plain: boolean
  corner_to_main: boolean
  run_on: boolean
  no_gaps: boolean
  rows?: NumberingRows
  sources: NumberingSource[]
}

export interface LocalRule {
  id: string
  version: number
  rules: RuleSet
  standard: boolean
  retired: boolean
  document: string
  note: string
  valid_from: string
}

export interface NumberingCheck {
  id: string
  zh: string
  en: string
  test_zh: string
  test_en: string
  clause: string
  source_zh: string
  source_en: string
}

export interface NumberingRules {
  rules: LocalRule[]
  presets: RuleSet[]
  checks: NumberingCheck[]
  clauses: string[]
  may_write: boolean
}

export interface RuleContent {
  rules: RuleSet
  standard: boolean
  retired: boolean
  document: string
  note: string
}

export interface NumberingStreet {
  name: string
  /** '' where the register has no such name */
  name_id: string
  length_m: number
  numbers: number
}

export interface NumberingRoad {
  name: string
  sections: LonLat[][]
  mouth?: LonLat
  start?: LonLat
  one_sided?: boolean
}

export interface Frontage {
  id: string
  label?: string
  shape?: Geometry
  entrance?: LonLat
  width_m?: number
  vacant?: boolean
  corner?: { road: string; main: boolean }
  yard?: string
  gate?: boolean
  row?: number
  fixed?: { number: number; suffix?: number }
  reserve?: boolean
  skip?: boolean
}

export interface ExistingNumber {
  id: string
  version?: number
  number: string
  suffix?: string
  point?: LonLat
  frontage_id?: string
  reserved?: boolean
  provisional?: boolean
  flagged?: boolean
}

export interface NumberingGround {
  road: NumberingRoad
  name_id: string
  division_code: string
  frontages: Frontage[]
  truncated: boolean
  existing: ExistingNumber[]
  unread: number
  use?: { rule: string; rule_version: number; valid_from: string }
}

export interface NumberingProposal {
  frontage_id: string
  part: number
  kind: 'number' | 'reserved' | 'side_door' | 'kept' | 'left_out'
  side: 'left' | 'right' | 'none'
  along_m: number
  offset_m: number
  row: number
  number: number
  suffix: number
  label: string
  existing_id: string
  point: LonLat
  reason: string
  reason_zh: string
  reason_en: string
}

export interface NumberingFault {
  numbers: string[]
  existing: string[]
  frontages: string[]
  zh: string
  en: string
}

export interface NumberingVerdict {
  id: string
  zh: string
  en: string
  test_zh: string
  test_en: string
  outcome: 'pass' | 'fail' | 'undetermined' | 'not_applicable'
  severity: 'error' | 'warning' | 'info'
  grade: string
  grade_zh: string
  grade_en: string
  source_zh: string
  source_en: string
  faults: NumberingFault[]
  why_zh: string
  why_en: string
}

export interface NumberingLine {
  parts: LonLat[][]
  length_m: number
  gaps: number
  lanes: number
  start: string
  start_at: LonLat
  end_at: LonLat
  decided: boolean
  why_zh: string
  why_en: string
}

export interface NumberingResult {
  line?: NumberingLine
  proposals: NumberingProposal[]
  verdicts: NumberingVerdict[]
}

export interface NumberingQuestion {
  rule: string
  road: NumberingRoad
  frontages: Frontage[]
  existing: ExistingNumber[]
  check_only?: boolean
}

export interface TakenDoor {
  number: number
  suffix?: number
  reserved?: boolean
  takes?: string
  version?: number
  point: LonLat
  entrance?: boolean
  more?: LonLat[]
}

export interface TakenRoad {
  name_id: string
  rule: string
  rule_version?: number
  one_sided?: boolean
  mouth?: LonLat
  start?: LonLat
  doors: TakenDoor[]
}
