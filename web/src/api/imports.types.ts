/** Files of facilities that are brought in, as the server answers them. */

export const outcomes = ['create', 'unplaced', 'update', 'unchanged', 'duplicate', 'skip', 'error'] as const
export type Outcome = (typeof outcomes)[number]

export type ImportState = 'uploaded' | 'mapped' | 'checked' | 'committing' | 'committed' | 'undoing' | 'undone'

export type Counts = Partial<Record<Outcome, number>>

export interface ImportBatch {
  id: string
  version: number
  state: ImportState
  file_name: string
  file_size: number
  sha256: string
  division_code: string
  rows: number
  type: string
  counts: Counts
  done: Counts
  undone: Record<string, number>
  check_job: string
  commit_job: string
  undo_job: string
  who: string
  created_at: string
  checked_at: string | null
  committed_at: string | null
  undone_at: string | null
}

export interface Said {
  zh: string
  en: string
}

export interface Reading {
  kind: string
  encoding?: string
  delimiter?: string
  tables: { name: string; rows: number; hidden?: boolean }[]
  table: string
  /** 0 for a format without */
  header_row: number
  crs?: string
  type?: string
  notes: Said[]
}

export interface SourceColumn {
  header: string
  code?: string
  filled: number
  samples: string[]
  /** all different values; null where there are too many */
  values: { value: string; count: number }[] | null
}

export interface Profile {
  columns: SourceColumn[]
  rows: { number: number; cells: string[] }[]
  count: number
  faulty: number
}

export interface Suggestion extends Said {
  field: string
  score: number
}

export interface Target extends Said {
  field: string
  kind: string
  unit?: string
  choices?: { value: string; zh: string; en: string }[]
  group: 'record' | 'place' | 'code' | 'type'
  hint_zh?: string
  hint_en?: string
  needed?: boolean
}

/** The target of a column that is not taken. */
export const IGNORED = '-'

export interface Column {
  header: string
  /** '' is not decided */
  field: string
  steps?: string[]
  words?: Record<string, string>
}

export interface ImportOptions {
  mode: 'upsert' | 'create' | 'update'
  key: 'none' | 'id' | 'bureau_no' | 'institution_code' | 'uscc' | 'source_id' | 'name_community'
  blank: 'keep' | 'clear'
  type?: string
  status?: string
  stage?: string
  crs?: string
  duplicates?: boolean
  reason?: string
  valid_from?: string
}

export interface SavedMapping {
  id: string
  name: string
  mapping: { columns: Column[] }
  options: ImportOptions
  who: string
  saved_at: string
}

export interface ImportDetail extends ImportBatch {
  /** the counts are of the mapping as it is now */
  current: boolean
  undoable: boolean
  reading: Reading
  profile: Profile
  suggestions: Suggestion[]
  targets: Target[]
  mapping: { columns: Column[] }
  options: ImportOptions
  same: ImportBatch[]
  saved?: SavedMapping
}

export interface Guess extends Said {
  key: string
  confidence: number
  ask: boolean
  convertible: boolean
  reasons: Said[]
  rows: number
  fits: number
  misfits: { row: number; x: string; y: string; zh: string; en: string }[]
  points: { row: number; lon: number; lat: number }[]
}

export interface RowFault extends Said {
  column?: string
  field?: string
  value?: string
  code: string
  hint_zh?: string
  hint_en?: string
  warning?: boolean
}

export interface ImportRow {
  row: number
  cells: string[]
  outcome: Outcome
  facility?: string
  matched?: string
  placed_by?: string
  confidence?: number
  faults: RowFault[]
  changes: { field: string; zh: string; en: string; before: unknown; after: unknown }[]
  alike: { facility?: string; row?: number; name: string; address?: string; score: number; zh: string; en: string }[]
  verdict?: '' | 'same' | 'new' | 'skip'
  decided_facility?: string
  undo?: string
}

export interface RowPage {
  rows: ImportRow[]
  next: number | null
}

/** What an undo of single rows did. */
export interface UndoneRows {
  /** '' where there was nothing to reverse */
  rows: { row: number; undo: '' | 'removed' | 'restored' | 'changed' | 'gone' }[]
  counts: Record<string, number>
}

export interface Decision {
  row: number
  verdict: '' | 'same' | 'new' | 'skip'
  facility?: string
}

/** A record that waits for a position. */
export interface Unplaced {
  id: string
  version: number
  type: string
  name_zh: string
  name_en: string
  address: string
  division_code: string
  /** what that is called, from the subdistrict down */
  place_zh: string
  place_en: string
  stage: string
  phone?: string
}

export interface UnplacedPage {
  facilities: Unplaced[]
  total: number
  next: string | null
}

export interface PlaceCandidate extends Said {
  kind: string
  name: string
  lon: number | null
  lat: number | null
  box: [number, number, number, number]
  confidence: number
}

export interface PlaceCandidates extends Said {
  division_code: string
  candidates: PlaceCandidate[]
}
