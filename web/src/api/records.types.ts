import type { FieldValue } from './standards.types'

/** Records with their history, as the server answers them. */

/** One field that a version has otherwise than the version before. */
export interface FieldChange {
  field: string
  /** not there in the first version */
  before?: unknown
  after: unknown
}

/** Who did something to a record, and why; nobody and no time for what was there before
 *  history began. */
export interface Deed {
  who: string
  why: string
  at: string | null
  /** address of the client; for those who may read the audit log */
  from?: string
  change?: string
  action?: string
}

/** One version of a record: what it says is true from valid_from on, known since
 *  recorded_from. A null is "always" or "still". */
export interface Version extends Deed {
  version: number
  valid_from: string | null
  valid_to: string | null
  recorded_from: string
  /** since when it is believed for no day any more */
  recorded_to: string | null
  /** who removed the record, where this was its last version */
  removed?: Deed
  fields: FieldChange[]
}

/** What a person writes of a facility. What its type declares stands beside the rest, as
 *  fields.beds and so on, so that two people's changes meet field by field. */
export interface FacilityContent {
  [field: `fields.${string}`]: FieldValue
  type: string
  name_zh: string
  name_en: string
  status: string
  address: string
  capacity: number
  uscc: string
  institution_code: string
  bureau_no: string
  serves: string[]
  /** null while the position is not known */
  lon: number | null
  lat: number | null
}

/** The same as it is sent: a position that is not known is left out, or taken away; what
 *  the type declares is one part, in which null takes a value away. */
export interface SentFacility {
  type?: string
  name_zh?: string
  name_en?: string
  status?: string
  address?: string
  capacity?: number
  uscc?: string
  institution_code?: string
  bureau_no?: string
  serves?: string[]
  lon?: number
  lat?: number
  unplaced?: true
  fields?: Record<string, FieldValue>
}

export type NewFacility = SentFacility & { reason: string; valid_from?: string }

/** A merge patch: only what changes, and since when. */
export type FacilityPatch = SentFacility & { reason: string; valid_from?: string; correction?: boolean }
