import type { Words } from './types'

/** Who walks in a question. */
export type Walker = 'plain' | 'elder' | 'step_free'

/** A coverage question as the API takes it: by time (limit and speed) or by distance
 *  (metres); of types judged by division neither. What is not asked is left out. */
export interface CoverageQuery {
  type: string
  base: string
  limit?: number
  speed?: number
  metres?: number
  profile?: Exclude<Walker, 'plain'>
  at?: string
  tier?: string
}

/** The question as it was answered. */
export interface AnsweredQuery {
  type: string
  base: string
  limit: number | null
  speed: number | null
  metres: number | null
  profile: Walker
  at: string
  tier: string
}

/** How an answer was judged, and what of the question had no bearing. */
export interface Judged {
  judged_by: 'walk' | 'division'
  judged_level: string
  remarks: Words[]
  untiered: number
}
