/** Address plates as the API says them. */

export interface Code {
  code: string
  zh: string
  en: string
}

export interface PlateFace {
  name: string
  number: string
  roman: string
}

export interface PlateRow {
  token: string
  /** the code as it is printed beside the symbol */
  grouped: string
  /** what files hang on */
  id: string
  version: number
  address_id: string
  address_text: string
  address_state: string
  name_id: string
  division_code: string
  kind: string
  slot: string
  state: string
  order_id: string | null
  order_number: string
  text: PlateFace
  current: PlateFace
  stale: boolean
  foreign_payload: string | null
  /** longitude and latitude of the address */
  door: [number, number] | null
  fixed: { day: string | null; point: [number, number] | null; offset_m: number | null; height_m: number | null; photo_id: string | null }
  ordered_on: string | null
  made_on: string | null
  delivered_on: string | null
  verified_on: string | null
  seen_on: string | null
  bad_since: string | null
  trouble: string | null
  due_from: string | null
  ended_on: string | null
  successor: string | null
  last_day: string | null
  may_write: boolean
  may_fit: boolean
}

export interface PlateEvent {
  id: string
  no: number
  kind: string
  state: string
  day: string
  scanned: string
  photo_id: string | null
  point: [number, number] | null
  accuracy_m: number
  offset_m: number | null
  height_m: number
  trouble: string
  layer: string
  verdict: string
  note: string
  successor: string
  recorded_by: string
  recorded_at: string
}

/** An event that may happen now, and what it must show. */
export interface PlateNeed {
  kind: string
  zh: string
  en: string
  right: 'write' | 'fit'
  scan: boolean
  photo: boolean
  point: boolean
  trouble: boolean
  note: boolean
}

export interface PlateFinding {
  rule: string
  aspect: string
  title_zh: string
  title_en: string
  outcome: 'pass' | 'fail' | 'undetermined' | 'not_applicable'
  severity: string
  reason_zh: string
  reason_en: string
  threshold_zh: string
  threshold_en: string
  value_zh: string
  value_en: string
  source_zh: string
  source_en: string
  clause_zh: string
  clause_en: string
  note_zh: string
  note_en: string
}

export interface PlateRecord extends PlateRow {
  due: string | null
  events: PlateEvent[]
  next: PlateNeed[]
  findings: PlateFinding[]
}

export interface PlateCodes {
  states: Code[]
  event_kinds: Code[]
  troubles: Code[]
  layers: Code[]
  whys: Code[]
  presets: Code[]
}

export interface PlatePage {
  plates: PlateRow[]
  counts?: Record<string, number>
  total: number | null
  codes: PlateCodes
  next: string | null
}

export interface PlateFilter {
  state?: string
  kind?: string
  order?: string
  address?: string
  name?: string
  division?: string
  q?: string
  stale?: string
  off?: string
  bad_until?: string
  due_from_until?: string
}

/** What somebody says happened to a plate. */
export interface PlateTold {
  kind: string
  day: string
  key?: string
  scanned?: string
  photo_id?: string
  point?: [number, number]
  accuracy_m?: number
  height_m?: number
  trouble?: string
  layer?: string
  note?: string
}

export interface PlateLimit {
  days: number
  working: boolean
}

export interface PlateDesk {
  preset: string
  install: PlateLimit
  repair: PlateLimit
  states: Record<string, number>
  install_due: number
  install_late: number
  repair_due: number
  repair_late: number
  long_repairs: number
  stale: number
  off: number
  unverified: number
  late_from: string | null
  repair_late_from: string | null
  long_from: string | null
  to_fix: PlateRow[]
  to_repair: PlateRow[]
  codes: PlateCodes
  may_order: boolean
  may_fit: boolean
}

export interface PlateSelection {
  name_ids?: string[]
  division?: string
  address_ids?: string[]
  levels?: string[]
  tokens?: string[]
  renew?: string
  slot?: string
  kind?: string
}

export interface PlateChoice {
  takes: number
  left: Record<string, number>
  most: number
  beyond: boolean
  renews: number
  first: PlateFace[]
}

export interface PlateOrder {
  id: string
  version: number
  number: string
  title: string
  maker: string
  note: string
  division_code: string
  ordered_on: string
  selection: PlateSelection
  total: number
  counts: Record<string, number>
  proofed: boolean
  may_write: boolean
}

export interface PlateOrderPage {
  orders: PlateOrder[]
  codes: PlateCodes
  may_order: boolean
  next: string | null
}

export interface NewPlateOrder {
  title: string
  maker?: string
  note?: string
  from_decision?: boolean
  selection: PlateSelection
}

export interface PlateWay {
  stops: { plate: PlateRow; metres: number }[]
  without: PlateRow[]
  metres: number
  exact: boolean
  walked: boolean
  left: number
  codes: PlateCodes
}

export interface PlateWayAsked {
  states?: string[]
  order?: string
  division?: string
  from?: [number, number]
  most?: number
}
