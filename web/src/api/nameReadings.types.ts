/** The spelling of a place name and the lexicon of readings, as the server answers them. */

export type ReadingSource = 'confirmed' | 'precedent' | 'place' | 'generic' | 'phrase' | 'only' | 'usual' | 'none'

/** How people read another name. */
export interface Precedent {
  text: string
  readings: string[]
  where: string
  /** it is of the lexicon */
  ruled: boolean
}

export interface SpelledReading {
  character: string
  /** with tone; '' where nobody knows */
  chosen: string
  source: ReadingSource
  where: string
  /** the text that is read so */
  within: string
  /** all readings, the most usual first */
  candidates: string[]
  nearest: Precedent[]
}

export interface SpellingRule {
  no: string
  zh: string
  en: string
}

export interface Spelling {
  text: string
  toned: string
  upper: string
  specific: string
  modifier: string
  generic: string
  segments: { text: string; syllables: string[] }[]
  readings: SpelledReading[]
  rules: SpellingRule[]
  source_zh: string
  source_en: string
  /** each reading was confirmed or is the only one, and the parts are beyond doubt */
  certain: boolean
  /** what keeps it from being certain */
  why: { zh: string; en: string }[]
}

/** What is asked: parts as a person told them apart; left out, they are worked out. */
export interface SpellingRequest {
  text: string
  kind?: string
  specific?: string
  modifier?: string
  generic?: string
  readings?: string[]
}

/** An entry of the lexicon. */
export interface LexiconReading {
  id: string
  version: number
  text: string
  readings: string[]
  /** the record for which it was ruled; '' for none */
  name_id: string
  name: string
  document: string
  note: string
  valid_from: string
  changed_at: string
  may_write: boolean
}

export interface Lexicon {
  readings: LexiconReading[]
  may_add: boolean
}

/** What a person writes of an entry. */
export interface LexiconContent {
  text: string
  /** of each character, with spaces between */
  readings: string
  name_id?: string
  document: string
  note: string
  reason: string
}
