import { get } from './http'
import type { FacilityFindings } from './standards.types'

export const standardsApi = {
  /** what the standards find of a facility, and how far its record can be relied on */
  findings: (id: string, lang: string, signal?: AbortSignal) => get<FacilityFindings>(`facilities/${encodeURIComponent(id)}/findings`, lang, signal),
}
