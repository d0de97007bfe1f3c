/** What becomes of a list of names, as /api/v1/place-name-import gives it. */
export interface NameImportFault {
  sheet: string
  row: number
  column: string
  value?: string
  zh: string
  en: string
}

export interface NameImportRemark {
  sheet: string
  row: number
  zh: string
  en: string
}

export interface NameImportRow {
  sheet: string
  row: number
  text: string
  name_id?: string
  outcome: 'created' | 'updated'
  changes: { field: string; before: unknown; after: unknown }[]
}

export interface NameImportHead {
  text: string
  field: string
}

export interface NameImportSheet {
  name: string
  read: boolean
  rows: number
  crs: string
  heads: NameImportHead[]
}

export interface NameImportWord {
  word: string
  rows: number
  kind: string
  unknown: number
}

export interface NameImported {
  taken: boolean
  rows: number
  created: number
  updated: number
  unchanged: number
  faulty: number
  fault_count: number
  faults: NameImportFault[]
  remark_count: number
  remarks: NameImportRemark[]
  list: NameImportRow[]
  sheets: NameImportSheet[]
  words: NameImportWord[]
  fields: { code: string; zh: string; en: string }[]
}

/** What somebody says of a file beside it. */
export interface NameImportSetting {
  crs: string
  source: string
  /** the field of each heading that somebody says, and the kind of each word */
  columns: Record<string, string>
  kinds: Record<string, string>
}
