/** The registry as the server answers it: lists, what becomes of records, areas, stewards
 *  and proposals. */

import type { FacilityContent, SentFacility } from './records.types'
import type { Facility } from './types'

export type Stage = 'draft' | 'submitted' | 'published'

/** One record of a list. */
export type ListedFacility = Facility & { version: number; overdue: boolean; edited: boolean; valid_from: string | null }

export interface FacilityList {
  facilities: ListedFacility[]
  next: string | null
  /** of the whole list, on the first page */
  total?: number
}

export interface Count {
  value: string
  count: number
}

export interface FacilityCounts {
  total: number
  unplaced: number
  overdue: number
  types: Count[]
  statuses: Count[]
  stages: Count[]
}

/** What a list may be asked for; what is empty is left out. */
export interface ListQuery {
  type?: string
  status?: string
  stage?: string
  division?: string
  q?: string
  serves?: string
  batch?: string
  placed?: string
  verified_before?: string
  overdue?: string
  area?: string
  tombstones?: string
}

/** The same in a body: several values are a list. */
export interface ListFilter {
  type?: string[]
  status?: string[]
  stage?: string[]
  division?: string
  q?: string
  serves?: string
  batch?: string
  ids?: string[]
  placed?: string
  verified_before?: string
  overdue?: boolean
  area?: string
}

/** A record of which a version was seen. */
export interface Seen {
  id: string
  version?: number
}

export interface BulkFault {
  field: string
  value?: string
  zh: string
  en: string
}

export interface BulkOutcome {
  id: string
  name_zh: string
  name_en: string
  outcome: 'changed' | 'unchanged' | 'refused' | 'stale'
  version: number
  faults?: BulkFault[]
}

export interface BulkResult {
  /** by which it can be undone; null where nothing was written */
  change: string | null
  changed: number
  unchanged: number
  refused: number
  stale: number
  outcomes: BulkOutcome[]
}

export type BulkPatch = SentFacility & { stage?: Stage; verified_on?: string }

export interface BulkChange {
  records?: Seen[]
  filter?: ListFilter
  patch: BulkPatch
  reason: string
  valid_from?: string
  correction?: boolean
  dry_run?: boolean
}

export interface ServiceArea {
  id: string
  version: number
  name_zh: string
  name_en: string
  division_code: string
  communities: string[]
  closed: boolean
}

export interface AreaList {
  areas: ServiceArea[]
  /** communities that lie in two areas */
  overlaps: { community: string; area: string; other: string }[]
}

export interface Steward {
  id: string
  version: number
  division_code: string
  office: string
  post: string
  phone: string
  verify_days: number
}

export type ProposalState = 'open' | 'accepted' | 'rejected' | 'withdrawn' | 'superseded'

export interface Proposal {
  id: string
  version: number
  /** null for a new facility */
  facility_id: string | null
  /** of the facility as it is, or as a new one is to be called */
  name_zh: string
  name_en: string
  base_version: number
  patch: Record<string, unknown>
  base: Record<string, unknown>
  division_code: string
  reason: string
  who: string
  made_at: string
  state: ProposalState
  decision: string
  decided_by: string
  decided_at: string | null
  made_id: string | null
}

export interface ProposalList {
  proposals: Proposal[]
  next: string | null
  total: number
}

export interface ProposedField {
  field: string
  base: unknown
  proposed: unknown
  now: unknown
  standing: 'apart' | 'already' | 'conflict'
}

/** A proposal beside the facility as it is now. */
export interface ProposalBeside {
  proposal: Proposal
  facility?: Facility
  fields: ProposedField[]
}

export type { FacilityContent }
