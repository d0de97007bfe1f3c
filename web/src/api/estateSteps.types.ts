/** The milestones of new estates, as the server answers. */

import type { Conclusion } from './estates.types'

export interface FrozenFinding {
  rule: string
  title_zh: string
  title_en: string
  severity: string
  outcome: string
  room: string
  value_zh: string
  value_en: string
  threshold_zh: string
  threshold_en: string
  missing_zh: string
  missing_en: string
  reason_zh: string
  reason_en: string
  source_zh: string
  source_en: string
}

/** What a check said when something was recorded. */
export interface Frozen {
  day: string
  version: number
  conclusion: Conclusion
  failed: number
  unknown: number
  warnings: number
  passed: number
  findings: FrozenFinding[]
}

export interface Correction {
  reason: string
  recorded_by: string
  recorded_at: string
  /** what was otherwise before, as field: value */
  was: string[]
}

interface Recorded {
  id: string
  recorded_by: string
  recorded_at: string
  checked?: Frozen
  corrections: Correction[]
}

export interface StepRequest extends Recorded {
  day: string
  by: string
  note?: string
}

export type Verdict = 'agreed' | 'conditional' | 'refused'

export interface StepOpinion extends Recorded {
  milestone: string
  norm: string
  office: string
  verdict: Verdict
  letter: string
  day: string
  signer: string
  text?: string
  rectify_by?: string
  may_correct: boolean
}

/** What somebody found of the conditions of an opinion. */
export interface MarkWords {
  met: boolean
  day: string
  by: string
  document?: string
  note?: string
}

export interface StepMark extends Recorded, MarkWords {}

/** What an opinion with conditions asks for; the last mark counts. */
export interface StepCondition extends StepOpinion {
  met: boolean
  since: string
  marks: StepMark[]
}

/** An office that has an opinion to give. */
export interface Asked {
  norm: string
  office: string
  days: number
  due?: string
  late_days: number
  own_only: boolean
  series?: string
  source?: string
  may_answer: boolean
}

export interface StepRound {
  request: StepRequest
  waiting: Asked[]
  opinions: StepOpinion[]
  refused: boolean
  passed: boolean
}

export interface StepMilestone {
  milestone: string
  passed: boolean
  passed_on?: string
  can_ask: boolean
  offices: Asked[]
  rounds: StepRound[]
}

export interface Due {
  kind: 'opinion' | 'rectification' | 'condition' | 'handover'
  milestone: string
  norm?: string
  office?: string
  since: string
  due?: string
  late_days: number
  rooms?: number
}

export interface TakingRoom {
  id: string
  ledger_id?: string
  name: string
  where: string
  use: string
  area: number
  accepted_on?: string
  handed_over_on?: string
  faults: { zh: string; en: string }[]
}

export interface PhaseDays {
  no: number
  name: string
  housing_started_on?: string
  housing_accepted_on?: string
  rooms: { name: string; started_on?: string; accepted_on?: string }[]
}

export interface EstateSteps {
  estate_id: string
  version: number
  kind: string
  next: string | null
  milestones: StepMilestone[]
  conditions: StepCondition[]
  due: Due[]
  handover: { ready: boolean; may: boolean; months: number; source_zh: string; source_en: string; rooms: TakingRoom[] }
  phases: PhaseDays[]
  may_ask: boolean
}

export interface NewRequest {
  milestone: string
  day: string
  by: string
  note?: string
}

export interface OpinionWords {
  verdict: Verdict
  letter?: string
  day: string
  signer: string
  text?: string
  rectify_by?: string
}

export interface NewOpinion extends OpinionWords {
  milestone: string
  norm: string
  office: string
}

export interface NewCorrection {
  event: string
  request?: { day: string; by: string; note?: string }
  opinion?: OpinionWords
  reason: string
}

export interface NewHandover {
  day: string
  owner: string
  key_holder?: string
  rooms?: string[]
  note?: string
  reason: string
}

/** Which office gives an opinion on which premises at a milestone. */
export interface Duty {
  milestone: string
  norm: string
  office: string
  days: number
  from?: string
  until?: string
  own_only?: boolean
  series?: string
  source?: string
}

export interface DutyPlan {
  duties: Duty[]
  rectify_days: number
  handover_months: number
}

export interface Duties extends DutyPlan {
  /** 0 for the usual duties, which nobody has set */
  version: number
  may_write: boolean
}

export interface LateEstate extends Due {
  estate_id: string
  estate: string
  division_code: string
}

export interface EstatesOverdue {
  today: string
  counts: Record<string, number>
  rows: LateEstate[]
}
