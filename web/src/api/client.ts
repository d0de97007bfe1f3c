import { get, queryOf, send } from './http'
import type { CoverageAnswer, District, Facility, FacilityPage, FacilityType, PeoplePoint, Status } from './types'

export { ApiError } from './http'

/** The four parameters that decide one coverage answer. */
export interface CoverageQuery {
  type: string
  limit: number
  speed: number
  base: string
}

/** The query string of a coverage question, as tiles and the API both take it. */
export function coverageParams(query: CoverageQuery): string {
  return new URLSearchParams({
    type: query.type,
    limit: String(query.limit),
    speed: String(query.speed),
    base: query.base,
  }).toString()
}

export const api = {
  status: async (lang: string) => (await send<Status>('GET', 'status', { lang, anonymous: true })).body,
  district: (lang: string) => get<District>('district', lang),
  types: async (lang: string) =>
    (await get<{ types: FacilityType[] }>('facility-types', lang)).types,
  coverage: (query: CoverageQuery, lang: string, signal?: AbortSignal) =>
    get<CoverageAnswer>(`coverage?${coverageParams(query)}`, lang, signal),
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
