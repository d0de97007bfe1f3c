import type { FieldKind, TabName, TypeChoice } from './standards.types'

/** Facility types as a bureau keeps them, as the server answers. */

export type Origin = 'program' | 'file' | 'bureau'
export type Measure = 'walk' | 'presence' | 'drive'

/** A field as it is declared; what is left out is empty. */
export interface SentField {
  field?: string
  zh: string
  en?: string
  kind: FieldKind
  unit?: string
  tab: TabName
  choices?: Partial<TypeChoice>[]
  min?: number
  max?: number
  at_most?: string
  required?: boolean
  door_page?: boolean
  uncounted?: boolean
  hint_zh?: string
  hint_en?: string
}

export interface SentLimit {
  minutes?: number
  distance_m?: number
  per?: string
  grade: string
  cite_zh: string
  cite_en?: string
}

/** A type as it is sent and answered; what is left out is empty. */
export interface SentType {
  type?: string
  zh: string
  en?: string
  group: string
  icon?: string
  capacity_unit: string
  capacity_field?: string
  serves: string
  measure: Measure
  door_page?: boolean
  retired?: boolean
  standards?: string[]
  limits?: SentLimit[]
  fields?: SentField[]
  past_fields?: SentField[]
}

export interface TypeRecord {
  origin: Origin
  version: number
  /** why what the bureau keeps of it is not in force; '' where it is */
  misfit: string
  definition: SentType
  /** what it would be without what the bureau keeps */
  base?: SentType
}

export interface TypeParts {
  units: { unit: string; zh: string; en: string }[]
  groups: { group: string; zh: string; en: string; never_at_doors: boolean }[]
  common_fields: SentField[]
  standards: { id: string; zh: string; en: string }[]
  misfits: { type: string; why: string }[]
}

export interface TypeFault {
  pointer: string
  value: string
  zh: string
  en: string
}

export interface TypeEffect {
  field: string
  zh: string
  en: string
  what: 'added' | 'restored' | 'retired' | 'removed' | 'faulty' | 'lacking'
  records: number
}

export interface TypeCheck {
  definition: SentType
  faults: TypeFault[]
  records: number
  published: number
  used: { field: string; records: number }[]
  effects: TypeEffect[]
  template: { code: string; head: string; required: boolean }[]
  at_doors: boolean
}
