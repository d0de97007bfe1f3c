/** Place names and the names that a plan reserves, as the server answers them. */

import type { Geometry } from 'geojson'
import type { Code } from './premises.types'

export interface NameKind extends Code {
  /** where it differs from that of its class */
  scope?: string
  /** point, line, area; the usual one first */
  geometries: string[]
  generics: string[]
}

export interface NameClass extends Code {
  item: string
  scope: string
  kinds: NameKind[]
}

export interface NameTransition {
  from: string
  to: string
  /** the document must be of one of these; none where no document is needed */
  decisions: string[]
  /** the record that has its place must be named */
  successor: boolean
}

/** What the form and the words of place names need to know. */
export interface NameCodes {
  classes: NameClass[]
  states: Code[]
  beginnings: string[]
  transitions: NameTransition[]
  alias_kinds: Code[]
  decision_kinds: Code[]
}

export interface NameParts {
  specific: string
  modifier: string
  generic: string
  /** a person said so; else it was worked out */
  confirmed: boolean
}

export interface NameDecision {
  kind: string
  number: string
  day: string
  body: string
  title: string
}

export interface NameExtent {
  from: string
  to: string
  via: string
  position: string
}

/** Metres, square metres, per cent; 0 and null are not known. */
export interface NameSize {
  length_m: number
  width_m: number
  site_m2: number
  floor_m2: number
  housing_m2: number
  open_m2: number
  height_m: number
  floors: number
  green_pct: number | null
}

export interface NameAlias {
  text: string
  kind: string
  note: string
}

export interface FormerName {
  text: string
  roman: string
  from: string
  until: string
  decision: NameDecision
}

export interface NameHeritage {
  list: string
  level: string
  since: string
  reason: string
  measures: string
}

export interface NameReuse {
  id: string
  reason: string
}

/** What people write of a place name. */
export interface NameContent {
  text: string
  parts: NameParts
  roman: string
  /** reading of each character with tone; null until somebody confirmed them */
  readings: string[] | null
  kind: string
  state: string
  /** the first decides the authority */
  divisions: string[]
  built_up_area: string
  famous: boolean | null
  important: boolean | null
  geometry: Geometry | null
  extent: NameExtent
  size: NameSize
  origin: string
  meaning: string
  aliases: NameAlias[]
  former: FormerName[]
  decision: NameDecision
  heritage: NameHeritage | null
  planned: string
  parent_id: string
  host_id: string
  successor_id: string
  reuses: NameReuse | null
  note: string
}

export interface PlaceName extends NameContent {
  id: string
  version: number
  class: string
  valid_from: string
  may_write: boolean
}

/** A place name in the list. */
export interface NameRow {
  id: string
  version: number
  text: string
  roman: string
  kind: string
  class: string
  state: string
  divisions: string[]
  length_m: number
  site_m2: number
  /** the list of protected names that it is on; '' for none */
  heritage: string
  position: [number, number] | null
  valid_from: string
}

export interface NameFilter {
  class?: string
  kind?: string
  state?: string
  division?: string
  heritage?: string
  q?: string
}

export interface NamePage {
  names: NameRow[]
  /** of all pages */
  total: number
  /** by state, whichever state is asked for */
  counts: Record<string, number>
  next: string | null
}

/** What leads a name from one state to another. */
export interface NameMove {
  to: string
  decision?: NameDecision
  successor_id?: string
  reason: string
}

export interface PlannedName {
  id: string
  version: number
  text: string
  kind: string
  /** title of the plan */
  plan: string
  document: NameDecision
  division: string
  /** the record that took it; '' while it is free */
  taken_by: string
  /** the last day of the reservation; '' without end */
  until: string
}
