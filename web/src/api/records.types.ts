/** Records with their history, as the server answers them. */

/** One field that a version has otherwise than the version before. */
export interface FieldChange {
  field: string
  before: unknown
  after: unknown
}

/** One version of a record: what it says is true from valid_from on, known since
 *  recorded_from. A null is "always" or "still". */
export interface Version {
  version: number
  valid_from: string | null
  valid_to: string | null
  recorded_from: string
  recorded_to: string | null
  who: string
  why: string
  at: string
  /** address of the client; for those who may read the audit log */
  from?: string
  change?: string
  action?: string
  fields: FieldChange[]
}

/** What a person writes of a facility. */
export interface FacilityContent {
  type: string
  name_zh: string
  name_en: string
  status: string
  address: string
  capacity: number
  serves: string[]
  lon: number
  lat: number
}

export type NewFacility = FacilityContent & { reason: string; valid_from?: string }

/** A merge patch: only what changes, and since when. */
export type FacilityPatch = Partial<FacilityContent> & { reason: string; valid_from?: string; correction?: boolean }
