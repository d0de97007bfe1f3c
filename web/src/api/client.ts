import { get, queryOf, send } from './http'
import type { CoverageQuery, Survey } from './question.types'
import type { CoverageAnswer, District, Facility, FacilityPage, FacilityType, PeoplePoint, Status } from './types'

export { ApiError } from './http'

export type { CoverageQuery } from './question.types'

/** The query string of a coverage question, as tiles and the API both take it. */
export function coverageParams(query: CoverageQuery): string {
  const params = new URLSearchParams()
  for (const key of ['type', 'limit', 'speed', 'metres', 'profile', 'at', 'tier', 'base'] as const) {
    const value = query[key]
    if (value !== undefined && value !== '') params.set(key, String(value))
  }
  return params.toString()
}

export const api = {
  status: async (lang: string) => (await send<Status>('GET', 'status', { lang, anonymous: true })).body,
  district: (lang: string) => get<District>('district', lang),
  types: async (lang: string) =>
    (await get<{ types: FacilityType[] }>('facility-types', lang)).types,
  coverage: (query: CoverageQuery, lang: string, signal?: AbortSignal) =>
    get<CoverageAnswer>(`coverage?${coverageParams(query)}`, lang, signal),
  /** how far the street data can be trusted, by community */
  streets: (base: string, lang: string, signal?: AbortSignal) =>
    get<Survey>(`coverage/completeness${queryOf({ base })}`, lang, signal),
  /** a record as it is, or as it was on a day */
  facility: (id: string, day: string, lang: string, signal?: AbortSignal) =>
    get<Facility>(`facilities/${encodeURIComponent(id)}${queryOf({ valid: day })}`, lang, signal),
  facilities: (
    filter: { type?: string; q?: string; cursor?: string; limit?: number },
    lang: string,
    signal?: AbortSignal,
  ) => get<FacilityPage>(`facilities${queryOf(filter)}`, lang, signal),
  people: (id: string, query: CoverageQuery, lang: string, signal?: AbortSignal) =>
    get<PeoplePoint>(`people/${encodeURIComponent(id)}?${coverageParams(query)}`, lang, signal),
}
