/** Cases of place names, the desk, procedures and the working calendar, as the server answers
 *  them. */

import type { Code } from './premises.types'

export interface CaseSubject {
  id: string
  /** also the entity tag; it grows with each event */
  version: number
  number: string
  act: 'naming' | 'renaming' | 'retirement'
  name_id: string
  /** of the record now */
  name_state: string
  text: string
  /** of a renaming: the new name; else '' */
  proposed_text: string
  kind: string
  class: string
  division: string
  track: 'decide' | 'opinion'
  opened_on: string
  ending: '' | 'completed' | 'refused' | 'withdrawn'
  decided: boolean
  /** how often it was sent back */
  round: number
}

export interface CaseRow extends CaseSubject {
  applicant_name: string
  open: Code[]
  /** corrections are outstanding */
  returned: boolean
  last_day: string
}

export interface CasePage {
  cases: CaseRow[]
  next: string | null
}

export interface CaseCite {
  source: string
  zh: string
  en: string
  clause_zh: string
  clause_en: string
  /** R the text was read, r an excerpt, S3 a plan, P not read or proposed here */
  grade: string
}

export interface CaseShown {
  /** attachment, case where the form itself shows it, or record */
  kind: string
  id: string
  title: string
}

export interface CaseNeed extends Code {
  there: boolean
  papers: CaseShown[]
}

export type CaseDeed = 'done' | 'waived' | 'returned' | 'corrected' | 'sent_back' | 'refused' | 'withdrawn'

export interface CaseActing {
  kind: CaseDeed
  office: Code
  /** as what an office or applicant outside sent */
  entered: boolean
}

export interface CaseVote {
  for: number
  against: number
  abstain: number
}

/** What the rules said of a name when something was recorded. */
export interface CaseChecked {
  day: string
  text: string
  version: number
  errors: number
  warnings: number
  open: number
  passed: number
  findings: CaseCheckedFinding[]
}

export interface CaseCheckedFinding {
  rule: string
  title_zh: string
  title_en: string
  severity: string
  outcome: string
  reason_zh: string
  reason_en: string
  value_zh?: string
  value_en?: string
  source_zh: string
  source_en: string
}

export interface CaseEvent {
  id: string
  no: number
  kind: CaseDeed
  step: string
  to: string
  day: string
  office: Code
  person: string
  entered: boolean
  reason: string
  document: string
  title: string
  materials: string[]
  missing: Code[]
  papers: CaseShown[]
  verdict: '' | 'agree' | 'change' | 'disagree'
  vote?: CaseVote
  /** of an application and an approval */
  checked?: CaseChecked
  recorded_by: string
  recorded_at: string
}

export interface CaseStep extends Code {
  state: 'done' | 'waived' | 'open' | 'waiting'
  by: Code[]
  after: string[]
  needs: CaseNeed[]
  waivable: boolean
  may_refuse: boolean
  back_to: string[]
  needs_document: boolean
  needs_verdict: boolean
  cite: CaseCite
  acting: CaseActing[]
  taken?: CaseEvent
}

export interface CaseDue extends Code {
  from: string
  to: string
  days: number
  unit: 'calendar' | 'working'
  severity: string
  since: string
  /** the last day in time; '' while it stands still */
  by: string
  done_on: string
  /** days of the calendar */
  late: number
  paused: boolean
  provisional: boolean
  tell: Code[]
  cite: CaseCite
}

export interface CaseApplicant {
  name: string
  contact_office?: string
}

export interface NameCase extends CaseSubject {
  preset: Code
  proposed_roman: string
  successor_id: string
  applicant: CaseApplicant
  reason: string
  opened_by: string
  steps: CaseStep[]
  dues: CaseDue[]
  pending?: CaseEvent
  events: CaseEvent[]
  may_amend: boolean
  may_withdraw: boolean
}

/** What begins a case. */
export interface NewCase {
  act: CaseSubject['act']
  name_id: string
  proposed_text?: string
  proposed_roman?: string
  successor_id?: string
  applicant: CaseApplicant
  reason: string
}

/** What happens at a step. */
export interface NewEvent {
  kind: CaseDeed
  step?: string
  to?: string
  day: string
  office?: string
  person?: string
  reason?: string
  document?: string
  title?: string
  missing?: string[]
  verdict?: string
  vote?: CaseVote
}

export interface DeskItem extends CaseRow {
  group: 'late' | 'today' | 'soon' | 'mine' | 'waiting'
  next?: { step: Code; kind: CaseDeed; office: Code; entered: boolean }
  waits: Code[]
  due?: CaseDue
  told: boolean
}

export interface Desk {
  today: string
  /** holidays of this year were entered */
  covered: boolean
  counts: { due_today: number; late: number; open: number; mine: number; waiting: number }
  items: DeskItem[]
}

export interface ProcedureCite {
  source: string
  clause_zh?: string
  clause_en?: string
  grade: string
}

export interface ProcedureClock extends Code {
  from: string
  to: string
  days: number
  unit: 'calendar' | 'working'
  pauses?: boolean
  severity: string
  alarms?: { days: number; to: string }[]
  cite: ProcedureCite
}

export interface ProcedureStep extends Code {
  by: string[]
  after: string[]
  needs: string[]
  needs_for?: Record<string, string[]>
  waivable: boolean
  may_refuse: boolean
  may_send_back: boolean
  authority: boolean
  document: boolean
  verdict: boolean
  cite: ProcedureCite
}

export interface ProcedureTrack extends Code {
  classes: string[]
  steps: ProcedureStep[]
  clocks: ProcedureClock[]
  authorities?: Record<string, string[]>
}

export interface StepChange {
  track: string
  step: string
  by?: string[]
  needs?: string[]
  waivable?: boolean
  cite: ProcedureCite
}

export interface LocalProcedure {
  preset: string
  offices?: Record<string, string>
  authorities?: Record<string, string[]>
  changes?: StepChange[]
  clocks?: { track: string; clock: ProcedureClock }[]
  sources?: Code[]
}

export interface Procedures {
  offices: Code[]
  materials: Code[]
  sources: Code[]
  presets: (Code & { notes: Code[] })[]
  in_force: ProcedureTrack[]
  usual: ProcedureTrack[]
  local: LocalProcedure
  version: number
  may_write: boolean
}

export interface WorkingYear {
  year: number
  off: string[]
  worked: string[]
  source: string
}

export interface WorkingCalendar {
  years: WorkingYear[]
  covered: boolean
  today: string
  version: number
  may_write: boolean
}

/** A record that a case may be about, as far as it is chosen from. */
export interface NameHit {
  id: string
  text: string
  state: string
  kind: string
  class: string
  divisions: string[]
}
