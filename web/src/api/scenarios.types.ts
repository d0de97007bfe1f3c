/** Named scenarios as the API tells of them; people are decimals, money is fen. */

export interface Said {
  zh: string
  en: string
}

export interface ScenarioStep {
  do: 'add' | 'move' | 'close' | 'reopen' | 'close_way' | 'open_gate' | 'shut_gate' | 'add_path'
  id: string
  /** what people call the place */
  name?: string
  lon?: number
  lat?: number
  line?: [number, number][]
}

export interface CostLine {
  what: string
  kind: 'one_off' | 'per_year'
  fen: number
  source?: string
}

export interface Figure {
  band: string
  population: number
  covered_before: number
  gained: number
  lost: number
  net: number
}

/** the parameters of the coverage API by their names, as text */
export type ScenarioQuestion = Record<string, string>

export interface ScenarioContent {
  name: string
  note?: string
  division_code?: string
  question: ScenarioQuestion
  steps: ScenarioStep[]
  costs?: CostLine[]
}

export type ScenarioState = 'draft' | 'shared' | 'archived'

export interface Scenario extends ScenarioContent {
  id: string
  version: number
  state: ScenarioState
  shared_on: string | null
  owner: { name: string; me: boolean }
  decision?: { verdict: 'adopted' | 'declined'; reason: string; on: string; by: string }
  cost?: { one_off_fen: number; per_year_fen: number; by_source: { source: string; one_off_fen: number; per_year_fen: number }[] }
  /** what it came to when it was saved */
  saved: Figure[]
  data_version: string
  outdated: boolean
  changed_at: string
  may_change: boolean
  may_decide: boolean
}

export interface StepFault {
  /** from 0; null where it is the plan as a whole */
  step: number | null
  reason: Said
  hint: Said
}

export interface ScenarioToday extends Scenario {
  now?: { version: string; figures: Figure[]; fault?: StepFault }
}

export interface ScenarioPage {
  scenarios: Scenario[]
  next: string | null
}

export interface ScenarioFilter {
  state?: ScenarioState | ''
  mine?: boolean
  q?: string
  cursor?: string
}

export interface OptionFacts {
  gained: number
  lost: number
  net: number
  nearer: number
  farther: number
  covered_after: number
  population_coverage_after: number | null
  units_after: number
  /** by this option and by no other */
  only_gained: number
  only_lost: number
  per_person?: { one_off_fen: number; per_year_fen: number }
  dominated_by?: { id: string; because: Said }
  figures: Figure[]
}

export interface ComparedOption {
  scenario: Scenario
  /** asked another question than its own */
  reasked: boolean
  fault?: StepFault
  remark?: Said
  result?: OptionFacts
}

export interface InDivision {
  gained: number
  lost: number
  net: number
  nearer: number
  farther: number
  only: number
}

export interface ComparedDivision {
  code: string
  level: string
  parent: string
  name_zh: string
  name_en: string
  population: number
  covered_before: number
  options: (InDivision | null)[]
}

export interface AtFacility {
  open: boolean
  moved: boolean
  gained: number
  lost: number
  within_before: number
  within_after: number
  nearest_after: number
}

export interface ComparedFacility {
  id: string
  name_zh: string
  name_en: string
  lon: number
  lat: number
  added: boolean
  options: (AtFacility | null)[]
}

export type Place = [number, number]

export interface SketchCell {
  min: Place
  max: Place
  options: ({ gained: number; lost: number; only: number } | null)[]
}

export interface OptionSketch {
  circles: Place[][]
  pins: { id: string; do: 'add' | 'move' | 'close'; lon: number; lat: number }[]
}

export interface Sketch {
  outlines: { code: string; rings: Place[][] }[]
  sites: Place[]
  cells: SketchCell[]
  options: OptionSketch[]
}

export interface Shares {
  any: number
  all: number
  /** by exactly 1, 2, 3 … options */
  by: number[]
}

export interface Comparison {
  version: string
  question: ScenarioQuestion
  note?: Said
  band: string
  level: string
  population: number
  covered_before: number
  units: { total: number; before: number }
  options: ComparedOption[]
  divisions: ComparedDivision[]
  rest: (InDivision | null)[]
  facilities: ComparedFacility[]
  gained: Shares
  lost: Shares
  map: Sketch
}

export interface CompareAsked {
  ids: string[]
  question_of?: string
  level?: string
  band?: string
}
