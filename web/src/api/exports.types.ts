/** Files of facilities, and the profiles by which returns to other systems are made. */

export interface ExportChoice {
  value: string
  zh: string
  en: string
}

export interface ExportField {
  code: string
  zh: string
  en: string
  kind: 'text' | 'integer' | 'number' | 'day' | 'boolean' | 'lon' | 'lat'
  group: 'record' | 'place' | 'code' | 'type' | 'quality'
  usual: boolean
  choices: ExportChoice[]
  types: string[]
}

export interface ExportFormat {
  format: string
  extension: string
  zh: string
  en: string
  media_type: string
  spatial: boolean
  /** false where GDAL is not installed */
  available: boolean
}

export interface ExportSystem {
  system: string
  zh: string
  en: string
  shifted: boolean
}

/** What facilities can be written in. */
export interface ExportWays {
  fields: ExportField[]
  formats: ExportFormat[]
  systems: ExportSystem[]
  days: { days: string; example: string }[]
}

export interface ExportCode {
  from: string
  to: string
}

export interface ExportColumn {
  head: string
  field?: string
  constant?: string
  default?: string
  codes?: ExportCode[]
}

export interface ExportProfileContent {
  name: string
  types: string[]
  format: string
  system: string
  days: string
  columns: ExportColumn[]
}

export interface ExportProfile extends ExportProfileContent {
  id: string
  version: number
  who: string
}

/** Which facilities: those to which every part applies that is given. */
export interface ExportFilter {
  type?: string[]
  status?: string[]
  stage?: string[]
  division?: string
  q?: string
  serves?: string
  batch?: string
  ids?: string[]
  placed?: string
  verified_before?: string
  overdue?: boolean
  /** a drawn shape: lon,lat;lon,lat;… */
  area?: string
}

export interface ExportOrder {
  filter?: ExportFilter
  format?: string
  system?: string
  words?: string
  profile?: string
}

export interface ExportPreview {
  columns: string[]
  rows: string[][]
  total: number
}

/** A file that came, and how many facilities are in it. */
export interface ExportedFile {
  name: string
  rows: number
  blob: Blob
}
