/** Checks of place names and what names are held against, as the server answers them. */

import type { NameContent } from './names.types'
import type { Finding } from './standards.types'

export type CheckGroup = 'error' | 'warning' | 'open' | 'pass' | 'elsewhere'
export type WordKind = 'leaders' | 'persons' | 'foreign' | 'brands' | 'banned'

export interface NameRepair {
  text: string
  zh: string
  en: string
}

/** A list of words as a check used it. */
export interface ListedWords {
  kind: WordKind
  /** with those of the program; 0 for none */
  count: number
  whole: boolean
  reviewed: boolean
  clearable: boolean
  hits: string[]
}

export interface NameFinding extends Finding {
  group: CheckGroup
  /** of the names that are like it which are at fault */
  relations: string[]
  words?: ListedWords
  repairs: NameRepair[]
}

/** A name that is like the one that was checked. */
export interface LikeName {
  id: string
  text: string
  former: boolean
  class: string
  state: string
  division: string
  built_up_area: string
  relation: string
  zh: string
  en: string
  scope: 'here' | 'perhaps' | 'elsewhere'
  position: [number, number] | null
  distance_m: number | null
}

export interface NameCheck {
  day: string
  text: string
  specific: string
  generic: string
  /** '' where it is not known */
  scope: string
  whole: boolean
  errors: number
  warnings: number
  open: number
  passed: number
  findings: NameFinding[]
  like: LikeName[]
  uses: { kind: 'facility' | 'building' | 'estate' | 'road'; count: number }[]
  measured: string[]
  relief_m: number | null
}

export type CheckAct = '' | 'naming' | 'renaming'

/** What is checked: the record as it is typed. */
export interface CheckQuestion {
  name: Partial<NameContent>
  id?: string
  state?: string
  act?: CheckAct
  use?: string
  case?: string
  plan_reason?: string
}

export interface Clearance {
  id: string
  kind: WordKind
  word: string
  text: string
  by: string
  reason: string
  at: string
}

export interface ListedWord {
  word: string
  reading?: string
  note?: string
  source?: string
}

export interface WordListHead {
  kind: WordKind
  zh: string
  en: string
  version: number
  count: number
  clearable: boolean
  may_write: boolean
}

export interface WordListContent {
  words: ListedWord[]
  whole: boolean
  source: string
  note: string
}

export interface WordList extends WordListHead, WordListContent {
  /** what comes with the program */
  program?: { zh: string; en: string; source: string; licence: string; whole: boolean; words: string[] }
}

export interface Cover {
  id: string
  class: string
  area: string
  source: string
  since: string
}

export interface Covers {
  covers: Cover[]
  classes: { code: string; zh: string; en: string }[]
  may_write: boolean
}
