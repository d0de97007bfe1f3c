/** Figures of the register of place names, as /api/v1/place-name-statistics gives them. */
export interface NameFigures {
  names: number
  in_use: number
  protected: number
  without_spelling: number
  without_geometry: number
  without_document: number
}

export interface NameClassLine extends NameFigures {
  class: string
  states: Record<string, number>
}

export interface NameDivisionLine extends NameFigures {
  division: string
  level: string
  name_zh: string
  name_en: string
}

export interface NameYearLine {
  year: string
  names: number
  kinds: Record<string, number>
}

export interface NameStatistics {
  day: string
  total: NameFigures
  classes: NameClassLine[]
  states: { state: string; names: number }[]
  divisions: NameDivisionLine[]
  years: NameYearLine[]
}
