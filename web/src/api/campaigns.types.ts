/** Inspections of facilities as the server answers them. */

export const campaignKinds = ['census', 'compliance', 'assessment'] as const
export type CampaignKind = (typeof campaignKinds)[number]
export type AnswerKind = 'yes_no' | 'choice' | 'number' | 'text' | 'photo'

export interface Question {
  code: string
  zh: string
  en: string
  kind: AnswerKind
  options?: { value: string; zh: string; en: string }[]
  unit?: string
  required?: boolean
  /** answers that are a problem to be put right */
  problem?: string[]
  points?: number
  verifies?: boolean
}

export interface Form {
  questions: Question[]
}

export interface FormTemplate {
  kind: CampaignKind
  zh: string
  en: string
  guide: string
  form: Form
}

export interface Progress {
  division_code: string
  tasks: number
  returned: number
  accepted: number
  problems: number
  solved: number
  score: number | null
}

export interface Campaign {
  id: string
  version: number
  title: string
  kind: CampaignKind
  year: number
  state: 'draft' | 'sent' | 'closed'
  deadline: string
  sent_on: string | null
  guide: string
  form: Form
  progress: Progress[]
}

export type Answers = Record<string, string | number>

export interface Task {
  id: string
  version: number
  campaign: string
  facility: string
  name_zh: string
  name_en: string
  type: string
  address: string
  division_code: string
  lon: number | null
  lat: number | null
  state: 'open' | 'returned' | 'sent_back' | 'accepted'
  answers: Answers
  note: string
  visited_on: string | null
  score: number | null
  /** why it was sent back */
  verdict: string
}

export type TaskWithForm = Task & { of: Campaign }

export interface Problem {
  id: string
  version: number
  task: string
  campaign: string
  facility: string
  name_zh: string
  name_en: string
  division_code: string
  text_zh: string
  text_en: string
  state: 'open' | 'rectified' | 'closed'
  found_on: string
  due_on: string
  done_on: string | null
  checked_on: string | null
  note: string
  rounds: number
}

export interface Score {
  facility: string
  name_zh: string
  name_en: string
  type: string
  division_code: string
  campaign: string
  score: number
  visited_on: string | null
}

export type ProblemStep = 'rectify' | 'recheck' | 'reopen' | 'extend'

export interface NewCampaign {
  title: string
  kind: CampaignKind
  year: number
  deadline: string
  guide: string
  form: Form
  reason: string
}
