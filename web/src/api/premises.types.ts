/** The ledger of public premises and the table of communities, as the server answers. */

export interface Code {
  code: string
  zh: string
  en: string
}

export interface UseCode extends Code {
  /** may be approved; else it is only found */
  approved: boolean
  /** what a room of this use counts for where nobody splits it */
  usual_norm: string
  /** what a part of this use may count for besides nothing */
  norms: string[]
}

export interface Codes {
  uses: UseCode[]
  norms: Code[]
  states: Code[]
  titles: Code[]
  obtained_by: Code[]
  verdicts: Code[]
  conditions: Code[]
  progress: Code[]
}

export interface Part {
  use: string
  area_m2: number
  counts_for?: string
}

/** What people write of a room; what is empty is left out. */
export interface RoomContent {
  /** the room's own number in the ledger */
  ledger_no?: string
  name: string
  estate?: string
  building?: string
  floor?: string
  room_no?: string
  address?: string
  division_code?: string
  lon?: number | null
  lat?: number | null
  owner?: string
  title?: string
  approved_use?: string
  present_use?: string
  parts?: Part[]
  area_m2?: number
  land_share_m2?: number
  state: string
  planned_on?: string
  built_on?: string
  accepted_on?: string
  handed_over_on?: string
  withdrawn_on?: string
  key_holder?: string
  key_contact?: string
  facility_id?: string
  obtained_by?: string
  documents?: string[]
  note?: string
}

export interface Rectification {
  id: string
  version: number
  found: string
  found_on: string
  use_found: string
  deadline: string
  order_no?: string
  progress: string
  reported_on?: string
  report?: string
  recheck?: string
  closed_on?: string
  overdue: boolean
}

export interface Room extends RoomContent {
  id: string
  version: number
  facility_name?: string
  inspected_on?: string
  valid_from: string | null
  misused: boolean
  missing: string[]
  remaining_m2: number
  rectification?: Rectification
  may_write: boolean
}

export interface Words {
  zh: string
  en: string
}

export interface Check {
  rule: string
  title: Words
  severity: string
  result: string
  finding: Words
  formula: Words
  threshold: Words
  source: Words
  grade: string
  region: Words
}

export interface RoomRecord extends Room {
  checks: Check[]
}

export interface RoomPage {
  premises: Room[]
  next: string | null
}

export interface RoomFilter {
  use?: string
  present?: string
  state?: string
  division?: string
  q?: string
  misuse?: string
  overdue?: string
  lacking?: string
}

/** What became of a list of rooms, or would become of it. */
export interface ImportedRooms {
  taken: boolean
  rows: number
  created: number
  updated: number
  unchanged: number
  faulty: number
  fault_count: number
  faults: { row: number; column: string; value?: string; zh: string; en: string }[]
  list: {
    row: number
    ledger_no: string
    name: string
    id?: string
    outcome: 'created' | 'updated'
    changes: { field: string; before: unknown; after: unknown }[]
  }[]
  ignored: string[]
}

export interface Inspection {
  id: string
  day: string
  by: string
  use_found?: string
  area_found_m2?: number
  condition?: string
  verdict: string
  note?: string
  recorded_at: string
  recorded_by: string
}

export interface Inspections {
  inspections: Inspection[]
  rectifications: Rectification[]
}

export interface NewInspection {
  day: string
  by: string
  use_found?: string
  area_found_m2?: number
  condition?: string
  verdict: string
  note?: string
  deadline?: string
  order_no?: string
}

export interface Line {
  code: string
  level: string
  parent: string
  name_zh: string
  name_en: string
  setting: string
  rooms: number
  area_m2: number
  unmeasured: number
  by_use: { use: string; area_m2: number }[]
  unassigned_m2: number
  counted: { norm: string; area_m2: number; per_100_households: number | null }[]
  handed_over_m2: number
  handed_over_share: number | null
  by_state: { state: string; rooms: number }[]
  misused: number
  vacant: number
  incomplete: number
  overdue: number
  households: number | null
  household_source: string
  communities: number
  known_communities: number
  known_households: number
}

export interface Summary {
  total: Line
  outside: Line
  subdistricts: Line[]
  communities: Line[]
}

// --- the table of communities ------------------------------------------------

export interface MatrixRef {
  id: string
  name_zh: string
  name_en: string
  division_code: string
  service_area?: string
  year?: number
  floor_m2?: number
  lon?: number
  lat?: number
  example?: boolean
}

export interface MatrixCell {
  state: '' | 'own' | 'shared' | 'planned' | 'none' | 'not_applicable'
  own?: MatrixRef[]
  shared?: MatrixRef[]
  planned?: MatrixRef[]
  suspended?: MatrixRef[]
}

export interface MatrixColumn {
  id: string
  types: string[]
  zh: string
  en: string
  unit: 'community' | 'subdistrict' | 'district'
  /** a text asks for one in each: where there is none, it is lacking */
  asked: boolean
  setting: string
  source_zh: string
  source_en: string
  grade: string
}

export interface MatrixOffer {
  id: string
  zh: string
  en: string
  unit: string
  usual: boolean
}

export interface MatrixPremises {
  source: '' | 'ledger' | 'registry' | 'shared'
  area_m2: number | null
  registry_m2?: number
  households: number | null
  household_source: string
  shared_by: number
  per_100_households: number | null
  outcome: '' | 'pass' | 'fail' | 'undetermined'
  rule?: string
  severity?: string
  threshold: number | null
  strict: boolean
}

export interface MatrixRow {
  code: string
  name_zh: string
  name_en: string
  setting: string
  bounds?: number[]
  gap: boolean
  cells: MatrixCell[]
  premises: MatrixPremises
}

export interface MatrixSum {
  facilities: number
  planned: number
  suspended: number
  own: number
  shared: number
  planned_only: number
  none: number
  not_applicable: number
  coverage: number | null
  state: '' | 'own' | 'shared' | 'planned' | 'none'
}

export interface MatrixTotal {
  area_m2: number
  households: number
  communities: number
  unknown: number
  per_100_households: number | null
  met: number
  short: number
  undecided: number
}

export interface MatrixGroup {
  code: string
  name_zh: string
  name_en: string
  rows: MatrixRow[]
  rest?: MatrixCell[]
  sums: MatrixSum[]
  premises: MatrixTotal
}

export interface MatrixNorm {
  rule: string
  title: Words
  severity: string
  threshold: number | null
  strict: boolean
  source: Words
  sentence: Words
  grade: string
  note: Words
}

export interface MatrixLevelLine {
  code: string
  name_zh: string
  name_en: string
  state: 'met' | 'small' | 'area_unknown' | 'planned' | 'none'
  centres: MatrixRef[]
  severity?: string
  communities: number
  with_place: number
  with_premises: number
  lacking: MatrixRef[]
}

export interface MatrixLevels {
  rule: Words
  source: Words
  district: 'own' | 'planned' | 'none'
  centres: MatrixRef[]
  counted: Words
  lines: MatrixLevelLine[]
  met: number
  doubtful: number
  subdistricts: number
}

export interface MatrixTable {
  columns: MatrixColumn[]
  offered: MatrixOffer[]
  groups: MatrixGroup[]
  sums: MatrixSum[]
  premises: MatrixTotal
  norms: MatrixNorm[]
  levels: MatrixLevels
}

export interface MatrixQuery {
  types?: string
  subdistrict?: string
  gaps?: string
}
