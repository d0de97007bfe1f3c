/** Background work, as the server answers it. */

export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

export interface Job {
  id: string
  kind: string
  kind_zh: string
  kind_en: string
  state: JobState
  done: number
  /** 0 when unknown */
  total: number
  step_zh: string
  step_en: string
  error_zh: string
  error_en: string
  result: unknown
  asked_who: string
  /** whether whoever looks asked for it */
  own: boolean
  created_at: string
  started_at: string | null
  finished_at: string | null
  attempts: number
  cancel_asked: boolean
  /** grows with every change */
  seq: number
  may_cancel: boolean
}

export interface JobPage {
  jobs: Job[]
  next: string | null
}

/** Which coverage to compute and keep; what is left out is all there is. */
export interface CoverageReport {
  types?: string[]
  limits_s?: number[]
  speeds?: number[]
  base?: string
}

/** Layers whose coordinates a load compares with the roads. */
export const packLayers = ['divisions', 'roads', 'buildings', 'population', 'facilities'] as const

export interface PackLoad {
  folder: string
  /** layers to take although their coordinates look wrong */
  accept_crs?: string[]
  /** takes the place of another pack of the same authority, whose records all go */
  replace?: boolean
}

/** One layer in the result of a load. */
export interface LoadedLayer {
  kind: string
  /** unchanged, stored, checked, removed */
  state: string
  rows: number
  changes?: { created: number; updated: number; removed: number; unchanged: number }
  report?: { warnings?: { zh: string; en: string }[] }
}

export interface PackFolder {
  name: string
  zh: string
  en: string
  adcode: string
}
