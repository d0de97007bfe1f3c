/** The signs of place names, as /api/v1/signs and /api/v1/sign-work give them. */
export interface Sign {
  id: string
  version: number
  name_id: string
  kind: string
  text: string
  roman: string
  where: string
  lon: number | null
  lat: number | null
  division_code: string
  keeper: string
  state: string
  next: string[]
  needed_on: string | null
  ordered_on: string | null
  made_on: string | null
  stood_on: string | null
  seen_on: string | null
  bad_since: string | null
  removed_on: string | null
  due_by: string | null
  note: string
}

export interface SignCode {
  code: string
  zh: string
  en: string
}

export interface SignList {
  signs: Sign[]
  kinds: SignCode[]
  states: SignCode[]
  may_write: boolean
  may_remove: boolean
}

export interface SignWork {
  task: string
  name_id: string
  name: string
  roman: string
  name_kind: string
  sign_kind: string
  division_code: string
  sign?: Sign
  since: string | null
  due_by: string | null
  late: number
}

export interface SignWorkList {
  work: SignWork[]
  tasks: SignCode[]
}

/** What a person may write of a sign. */
export interface SignContent {
  kind: string
  text: string
  roman: string
  where: string
  lon?: number
  lat?: number
  keeper: string
  due_by: string
  note: string
}

export interface NewSign extends Partial<SignContent> {
  name_id: string
  kind: string
  state: string
  needed_on?: string
  stood_on?: string
  reason: string
}

export interface SignMove {
  to: string
  day: string
  reason?: string
}
