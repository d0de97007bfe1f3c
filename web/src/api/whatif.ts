import type { CoverageQuery } from './client'
import { send } from './http'
import type { WhatIfAnswer } from './whatif.types'

export const whatIfApi = {
  /** what a plan would change; nothing is written */
  ask: async (query: CoverageQuery, steps: Record<string, unknown>[], lang: string, signal?: AbortSignal) =>
    (await send<WhatIfAnswer>('POST', 'coverage/what-if', { lang, body: { ...query, circles: true, points: true, steps }, signal })).body,
}
