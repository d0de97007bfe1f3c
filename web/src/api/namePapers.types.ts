import type { LetterTemplate, Placeholder } from './estatePapers.types'

/** A kind of papers at a step of a case. */
export interface PaperKind {
  kind: string
  name_zh: string
  name_en: string
  step: string
  /** that its signed copy is; '' for none that a step asks for */
  material: string
  numbered: boolean
  /** that gives its number; '' where people type it */
  series: string
  /** that it would get today */
  next_number: string
  to: string
  /** the paper that holds; '' for none */
  paper_id: string
}

/** A paper as it was kept. */
export interface KeptPaper {
  id: string
  case_id: string
  case_number: string
  kind: string
  name_zh: string
  name_en: string
  number: string
  number_given: boolean
  day: string
  to: string
  title: string
  template_version: number
  sha256: string
  size: number
  file_name: string
  /** left to be filled in by hand */
  blanks: string[]
  filled: Record<string, string>
  who: string
  kept_at: string
  scan?: { attachment_id: string; file_name: string; media_type: string; sha256: string; size: number; who: string; at: string }
  void?: { reason: string; who: string; at: string }
}

export interface PaperDesk {
  kinds: PaperKind[]
  kept: KeptPaper[]
  may_keep: boolean
  has_filing_pack: boolean
}

/** What would stand in a paper. */
export interface PaperPreview {
  kind: string
  number: string
  to: string
  fields: { zh: string; en: string; value: string; missing: boolean }[]
  template_version: number
}

export interface NewPaper {
  kind: string
  day: string
  number?: string
  to?: string
  filled: Record<string, string>
}

export interface FilingPack {
  items: { material: string; name_zh: string; name_en: string; state: 'signed' | 'kept' | 'draft' | 'waived' | 'missing'; why: string; blanks: string[]; files: number }[]
  complete: boolean
}

export interface PaperSeries {
  prefix: string
  kinds: string[]
  year?: number
  first?: number
}

export interface PaperSettings {
  series: PaperSeries[]
  to?: Record<string, string>
  may_write?: boolean
  version?: number
}

export interface PaperPage {
  papers: KeptPaper[]
  next: string | null
}

/** The templates of a feature's papers. */
export interface PaperTemplates {
  templates: LetterTemplate[]
  placeholders: Placeholder[]
  may_write: boolean
}
