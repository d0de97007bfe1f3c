import type {
  CoverageAnswer,
  District,
  Facility,
  FacilityPage,
  FacilityType,
  PeoplePoint,
  Problem,
  Status,
} from './types'

/** The four parameters that decide one coverage answer. */
export interface CoverageQuery {
  type: string
  limit: number
  speed: number
  base: string
}

/** A failure in words that may be shown as they are. `status` is 0 where no answer
 *  came at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
    this.name = 'ApiError'
  }
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

async function problemOf(response: Response): Promise<ApiError> {
  let problem: Problem = {}
  try {
    problem = (await response.json()) as Problem
  } catch {
    // A proxy in between may answer with a page; its status is all we know then.
  }
  const message = problem.detail ?? problem.title ?? `HTTP ${response.status}`
  return new ApiError(response.status, problem.code ?? '', message)
}

async function get<T>(path: string, lang: string, signal?: AbortSignal): Promise<T> {
  const url = `/api/v1/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`
  let response: Response
  try {
    response = await fetch(url, {
      headers: { accept: 'application/json' },
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'offline', '')
  }
  if (!response.ok) throw await problemOf(response)
  return (await response.json()) as T
}

export const api = {
  status: (lang: string) => get<Status>('status', lang),
  district: (lang: string) => get<District>('district', lang),
  types: async (lang: string) =>
    (await get<{ types: FacilityType[] }>('facility-types', lang)).types,
  coverage: (query: CoverageQuery, lang: string, signal?: AbortSignal) =>
    get<CoverageAnswer>(`coverage?${coverageParams(query)}`, lang, signal),
  facility: (id: string, lang: string, signal?: AbortSignal) =>
    get<Facility>(`facilities/${encodeURIComponent(id)}`, lang, signal),
  facilities: (
    filter: { type?: string; q?: string; cursor?: string; limit?: number },
    lang: string,
    signal?: AbortSignal,
  ) => {
    const params = new URLSearchParams()
    for (const [key, value] of Object.entries(filter)) {
      if (value !== undefined && value !== '') params.set(key, String(value))
    }
    return get<FacilityPage>(`facilities?${params.toString()}`, lang, signal)
  },
  people: (id: string, query: CoverageQuery, lang: string, signal?: AbortSignal) =>
    get<PeoplePoint>(`people/${encodeURIComponent(id)}?${coverageParams(query)}`, lang, signal),
}
