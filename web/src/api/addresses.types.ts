import type { Code } from './premises.types'
import type { Version } from './records.types'

/** Standard addresses as the API has them. */

export interface AddressPoint {
  type: 'Point'
  coordinates: [number, number]
}

export interface AddressPosition {
  kind: string
  geometry: AddressPoint
  source: string
  accuracy_m?: number
  day?: string
  note?: string
}

export interface AddressDecision {
  kind: string
  number?: string
  day?: string
  body?: string
}

export interface AddressContent {
  name_id: string
  parent_id: string
  level: string
  number: string
  suffix: string
  label: string
  main_id: string
  division_code: string
  positions: AddressPosition[]
  code: { layout: string; text: string }
  foreign_codes: { system: string; code: string }[]
  decision: AddressDecision
  note: string
}

export interface Address extends AddressContent {
  id: string
  version: number
  name: string
  main: boolean
  state: string
  text: string
  short_text: string
  roman: string
  divisions: string[]
  point?: AddressPoint
  custody: string
  former: { text: string; short_text: string; until: string; decision: AddressDecision }[]
  successor_ids: string[]
  valid_from: string | null
  valid_until: string | null
  within: number
  may_write: boolean
}

export interface AddressLink {
  id: string
  level: string
  short_text: string
  state: string
}

export interface AddressWhole extends Address {
  lineage: AddressLink[]
  successors: AddressLink[]
}

export interface AddressPage {
  addresses: Address[]
  counts: { level: string; state: string; count: number }[]
  total: number | null
  next: string | null
  may_write: boolean
}

export interface AddressCodes {
  levels: Code[]
  states: Code[]
  position_kinds: Code[]
  position_sources: Code[]
  decision_kinds: Code[]
  custodies: Code[]
  layouts: { id: string; zh: string; en: string; source_zh: string; source_en: string; unread_zh: string; unread_en: string }[]
  moves: { from: string; to: string; decisions: string[] }[]
}

export interface AddressPair {
  old_id: string
  new_id: string
  old: string
  new: string
  old_text: string
  new_text: string
  why: string
  decision: AddressDecision
  until: string
  division_code: string
}

export interface AddressLayer {
  features: { id: string; geometry: AddressPoint; properties: { id: string; short_text: string; number: string; level: string; state: string; main: boolean } }[]
  truncated: boolean
}

export interface AddressMove {
  to: string
  decision?: AddressDecision
  successor_ids?: string[]
  gone?: boolean
  day?: string
  reason?: string
}

export type AddressFilter = Partial<Record<'q' | 'name' | 'state' | 'level' | 'division' | 'custody' | 'unplaced' | 'parent' | 'at', string>>

export type AddressVersion = Version
