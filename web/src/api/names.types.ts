/** Place names and the names that a plan reserves, as the server answers them. */

import type { FeatureCollection, Geometry } from 'geojson'
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

export interface NameState extends Code {
  /** a record may begin so */
  begins: boolean
  in_use: boolean
  ended: boolean
  next: string[]
}

/** A step from one state to another with what it needs. */
export interface NameStep {
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
  scopes: Code[]
  states: NameState[]
  steps: NameStep[]
  decisions: Code[]
  aliases: Code[]
}

/** A document by which a name was decided, or where it was found; what is left out is not known. */
export interface NameDecision {
  kind?: string | null
  number?: string
  day?: string
  body?: string
  title?: string
}

export interface NameExtent {
  from?: string
  to?: string
  via?: string
  position?: string
}

/** Metres, square metres, per cent; what is left out, 0 and null are not known. */
export interface NameSize {
  length_m?: number
  width_m?: number
  site_m2?: number
  floor_m2?: number
  housing_m2?: number
  open_m2?: number
  height_m?: number
  floors?: number
  green_pct?: number | null | undefined
}

export interface NameAlias {
  text: string
  kind: string
  note?: string
}

export interface FormerName {
  text: string
  roman?: string
  from?: string
  until?: string
  decision: NameDecision
}

export interface NameHeritage {
  list: string
  level?: string
  since?: string
  reason?: string
  measures?: string
}

export interface NameReuse {
  id: string
  reason: string
}

/** What people write of a place name besides its state. */
export interface NameContent {
  text: string
  specific: string
  modifier: string
  generic: string
  /** a person said so; else the parts are worked out */
  parts_confirmed: boolean
  roman: string
  /** confirmed reading of each character with its tone; none until then */
  readings: string[]
  kind: string
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
  reuses: NameReuse | null
  note: string
}

export interface PlaceName extends NameContent {
  id: string
  version: number
  class: string
  state: string
  /** the record that has its place since it ended; '' for none */
  successor_id: string
  valid_from: string | null
  /** a point of it; null where nobody drew it */
  position: [number, number] | null
  next_states: string[]
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
  /** A to Z, under which it stands in a gazetteer; '' for none */
  initial: string
  state: string
  divisions: string[]
  /** a point inside; null where nobody drew it */
  position: [number, number] | null
  heritage: boolean
  decision: NameDecision
  parent_id: string
  valid_from: string | null
  may_write: boolean
}

export interface NameFilter {
  class?: string
  kind?: string
  state?: string
  division?: string
  initial?: string
  heritage?: string
  q?: string
}

/** How many records of a class are in a state. */
export interface NameCount {
  class: string
  state: string
  count: number
}

export interface NamePage {
  names: NameRow[]
  /** of all pages, on the first page only */
  counts: NameCount[]
  total: number | null
  next: string | null
}

/** A renaming that was decided. */
export interface NameRenaming {
  text: string
  roman?: string
  decision: NameDecision
  measures?: string
  reason: string
}

/** What leads a name from one state to another. */
export interface NameMove {
  to: string
  decision?: NameDecision
  successor_id?: string
  reason: string
}

/** A record with what it is to another. */
export interface NameKin extends NameRow {
  relation: 'member' | 'host' | 'hosted' | 'successor' | 'predecessor' | 'reused' | 'reuser'
  /** of a member: below the record at the top */
  depth: number
}

/** Place names within a frame of the map, the largest first. */
export interface NameLayerPage extends FeatureCollection {
  /** there are further ones, smaller than these */
  truncated: boolean
}

/** What a person writes of a reserved name. */
export interface PlannedContent {
  text: string
  kind: string
  /** title of the plan */
  plan: string
  /** by which the plan was adopted */
  document: NameDecision
  division: string
  /** the last day of the reservation; '' without end */
  until: string
  note: string
}

/** A name that a plan reserves. */
export interface PlannedName extends PlannedContent {
  id: string
  version: number
  /** the record that took it; '' while it is free */
  taken_by: string
  valid_from: string | null
  may_write: boolean
}
