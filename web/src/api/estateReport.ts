import { apiUrl, get, queryOf } from './http'
import type { EstateAround, EstatesReport, EstatesRetrofit } from './estateReport.types'

export interface ReportQuery {
  division?: string
}

export const estateReportApi = {
  report: (query: ReportQuery, lang: string, signal?: AbortSignal) => get<EstatesReport>(`estates-report${queryOf({ ...query })}`, lang, signal),
  retrofit: (query: ReportQuery, lang: string, signal?: AbortSignal) => get<EstatesRetrofit>(`estates-retrofit${queryOf({ ...query })}`, lang, signal),
  around: (id: string, query: { minutes?: string; profile?: string }, lang: string, signal?: AbortSignal) =>
    get<EstateAround>(`estates/${encodeURIComponent(id)}/around${queryOf({ ...query })}`, lang, signal),
  /** the address of a file: estates-report.pdf, estates-retrofit.csv and so on */
  file: (name: string, query: ReportQuery, lang: string) => apiUrl(`${name}${queryOf({ ...query, words: lang })}`, lang),
}
