import type { AreaAnswer } from './area.types'
import type { CoverageQuery } from './client'
import { send } from './http'

export const areaApi = {
  /** who of an area's people reaches a facility, today and with a plan; nothing is written */
  ask: async (query: CoverageQuery, area: Record<string, unknown>, steps: Record<string, unknown>[], lang: string, signal?: AbortSignal) =>
    (await send<AreaAnswer>('POST', 'coverage/area', { lang, signal, body: { ...query, ...area, steps } })).body,
}
