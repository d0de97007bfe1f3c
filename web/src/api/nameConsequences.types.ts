/** What follows from another name, as /api/v1/place-names/{id}/consequences, …/follow-ups,
 *  /api/v1/name-changes and /api/v1/name-unit-costs give it. */
export interface ConsequenceCode {
  code: string
  zh: string
  en: string
}

export interface ConsequenceItem {
  id: string
  text: string
  says: string
  basis: 'linked' | 'written'
  division_code: string
}

export interface ConsequenceGroup {
  kind: string
  count: number
  more: boolean
  items: ConsequenceItem[]
}

export interface ConsequenceCost {
  kind: string
  count: number
  unit_fen: number | null
  sum_fen: number | null
  source: string
  day: string
}

export interface Consequences {
  name_id: string
  text: string
  state: string
  day: string
  shared: boolean
  groups: ConsequenceGroup[]
  costs: ConsequenceCost[]
  sum_fen: number
  missing: string[]
  kinds: ConsequenceCode[]
}

export type FollowState = 'open' | 'done' | 'set_aside'

export interface FollowUp extends ConsequenceItem {
  kind: string
  state: FollowState
  by: string
  on: string | null
  reason: string
}

export interface FollowUps {
  name_id: string
  text: string
  state: string
  former: string[]
  tasks: FollowUp[]
  open: number
  may_mark: boolean
  kinds: ConsequenceCode[]
}

export interface NameChange {
  name_id: string
  act: string
  old: string
  old_roman: string
  new: string
  new_roman: string
  new_id: string
  kind: string
  division_code: string
  day: string
  number: string
  body: string
  open: number
}

export interface NameChanges {
  changes: NameChange[]
  total: number
  next?: number
  acts: ConsequenceCode[]
}

export interface UnitCost {
  kind: string
  fen: number
  source: string
  day: string
}

export interface UnitCosts {
  version: number
  prices: UnitCost[]
  may_set: boolean
  kinds: ConsequenceCode[]
}
