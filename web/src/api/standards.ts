import { get, queryOf } from './http'
import type { DivisionFindingPage, FacilityFindings, FindingFilter, FindingPage, QualityPage } from './standards.types'

export const standardsApi = {
  /** what the standards find of a facility, and how far its record can be relied on */
  findings: (id: string, lang: string, signal?: AbortSignal) => get<FacilityFindings>(`facilities/${encodeURIComponent(id)}/findings`, lang, signal),
  list: (filter: FindingFilter & { limit?: number; cursor?: string }, lang: string, signal?: AbortSignal) =>
    get<FindingPage>(`facility-findings${queryOf({ ...filter })}`, lang, signal),
  quality: (filter: { type?: string; division?: string; limit?: number; cursor?: string }, lang: string, signal?: AbortSignal) =>
    get<QualityPage>(`facility-quality${queryOf(filter)}`, lang, signal),
  divisions: (filter: Omit<FindingFilter, 'type'> & { limit?: number; cursor?: string }, lang: string, signal?: AbortSignal) =>
    get<DivisionFindingPage>(`division-findings${queryOf({ ...filter })}`, lang, signal),
  /** where the table of a filter is */
  table: (filter: FindingFilter) => `/api/v1/facility-findings.csv${queryOf({ ...filter })}`,
  divisionTable: ({ division, rule, severity, outcome }: FindingFilter) => `/api/v1/division-findings.csv${queryOf({ division, rule, severity, outcome })}`,
}
