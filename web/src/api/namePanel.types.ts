/** What experts, offices, the public and the committee say of proposed place names. */

export type Verdict = 'agree' | 'change' | 'disagree'

export interface Code {
  code: string
  zh: string
  en: string
}

export interface Criterion extends Code {
  help_zh: string
  help_en: string
}

export interface PanelOffice {
  name: string
  days: number
  silence_agrees?: boolean
  source?: string
}

export interface Share {
  of: number
  in: number
}

export interface Cite {
  source_zh: string
  source_en: string
  grade: string
}

export interface PanelPlan {
  criteria: Criterion[]
  quorum: number
  review_days: number
  offices: PanelOffice[]
  offices_needed: boolean
  public_needed: boolean
  notice_days: number
  grounds: Code[]
  keep_days: number
  present: Share
  deputies_count: boolean
  votes: boolean
  vote_share: Share
}

export interface PanelRules extends PanelPlan {
  version: number
  cites: Record<string, Cite>
  may_write: boolean
}

export interface ExpertWords {
  name: string
  fields: string[]
  unit?: string
  title?: string
  from: string
  until?: string
  account?: string
  retired?: boolean
  note?: string
}

export interface Expert extends ExpertWords {
  id: string
  version: number
  serves: boolean
}

export interface MemberWords {
  name: string
  office?: string
  post: 'chair' | 'vice' | 'member'
  from: string
  until?: string
  account?: string
}

export interface Member extends MemberWords {
  id: string
  version: number
  serves: boolean
}

export interface Rows<T> {
  today: string
  may_write: boolean
  rows: T[]
}

export interface Sketch {
  subject: [number, number][][]
  area: boolean
  around: [number, number][][]
  labels: { x: number; y: number; text: string }[]
  metres: number
}

export interface PanelCase {
  case_id: string
  number: string
  act: 'naming' | 'renaming' | 'retirement'
  name: string
  former?: string
  roman?: string
  kind: string
  division_code: string
  applicant: string
  reason: string
  name_id: string
  origin?: string
  meaning?: string
  extent?: string
  open: boolean
  may_keep: boolean
  sketch?: Sketch
}

export interface Score {
  criterion: string
  points: number
}

export interface OpinionWords {
  scores: Score[]
  verdict: Verdict
  text?: string
  risks?: string
  advice?: string
  day: string
  document?: string
}

export interface Opinion extends OpinionWords {
  entered_by: string
  own: boolean
}

export interface Review {
  id: string
  round: number
  expert_id?: string
  expert?: string
  unit?: string
  title?: string
  fields: string[]
  has_account: boolean
  asked_on: string
  due: string
  late: boolean
  criteria: Criterion[]
  seed?: string
  conflict: '' | 'proposed' | 'declared' | 'cleared'
  conflict_reason?: string
  withdrawn?: string
  given: boolean
  mine: boolean
  may_give: boolean
  opinion?: Opinion
}

export interface Spread {
  n: number
  mean: number
  deviation: number
  least: number
  most: number
}

export interface ReviewSummary {
  asked: number
  given: number
  late: number
  outstanding: number
  barred: number
  agree: number
  change: number
  disagree: number
  quorum: number
  reached: boolean
  all: Spread
  criteria: (Spread & { criterion: string; zh: string; en: string })[]
}

export interface ReplyWords {
  verdict: Verdict
  text?: string
  document?: string
  day: string
}

export interface Ask {
  id: string
  round: number
  office: string
  question?: string
  document?: string
  asked_on: string
  due: string
  silence_agrees: boolean
  source?: string
  standing: 'waiting' | 'answered' | 'silent' | 'silent_agreed' | 'withdrawn'
  withdrawn?: string
  mine: boolean
  replies: (ReplyWords & { entered_by: string; own: boolean })[]
}

export interface NoticeWords {
  extent: string
  meaning?: string
  text: string
  contact: string
  opens: string
  closes: string
}

export interface Notice extends NoticeWords {
  id: string
  version: number
  number: string
  path: string
  round: number
  name: string
  state: 'coming' | 'open' | 'closed' | 'withdrawn'
  withdrawn?: string
}

export type Handling = 'adopted' | 'partly' | 'not_adopted' | 'noted'

export interface Comment {
  id: string
  notice_id: string
  position: 'support' | 'object' | 'propose'
  proposal?: string
  grounds: string[]
  text?: string
  day: string
  person_name?: string
  contact?: string
  answers: { handling: Handling; reason?: string; day: string; by: string }[]
}

export interface ConsultationCount {
  from?: string
  until?: string
  offices: number
  agree: number
  change: number
  disagree: number
  silent: number
  silent_agreed: number
  waiting: number
  comments: number
  support: number
  object: number
  propose: number
  adopted: number
  partly: number
  not_adopted: number
  noted: number
  unanswered: number
}

export type Decision = '' | 'agree' | 'change' | 'disagree' | 'send_back' | 'deferred'
export type Attendance = 'present' | 'deputy' | 'excused' | 'absent'

export interface MeetingItemWords {
  case_id: string
  notes?: string
  decision?: Decision
  text?: string
  recused?: string[]
  vote?: { for: number; against: number; abstain: number }
}

export interface MeetingItem extends MeetingItemWords {
  number: string
  name: string
}

export interface Presence {
  member_id: string
  attendance: Attendance
  deputy_name?: string
  name: string
  office?: string
  post: string
}

export interface MeetingWords {
  day: string
  time?: string
  place: string
  chair_id?: string
  state?: 'planned' | 'held' | 'cancelled'
  agenda: MeetingItemWords[]
  presence?: { member_id: string; attendance: Attendance; deputy_name?: string }[]
  note?: string
}

export interface Meeting {
  id: string
  version: number
  number: string
  day: string
  time?: string
  place: string
  chair_id?: string
  chair?: string
  state: 'planned' | 'held' | 'cancelled'
  agenda: MeetingItem[]
  presence: Presence[]
  note?: string
  present: number
  members: number
  needed: Share
  quorate: boolean
  votes: boolean
  may_write: boolean
}

export interface Panel {
  today: string
  case: PanelCase
  rules: PanelRules
  reads_all: boolean
  materials: string[]
  lacks: { material: string; zh: string; en: string }[]
  round: number
  reviews: Review[]
  summary: ReviewSummary
  consultation_round: number
  asks: Ask[]
  notices: Notice[]
  comments: Comment[]
  consultation: ConsultationCount
  meetings: Meeting[]
}

export interface Work {
  today: string
  sits: boolean
  open: number
  reviews: { case: PanelCase; review: Review }[]
  asks: { case: PanelCase; ask: Ask }[]
  meetings: Meeting[]
}
