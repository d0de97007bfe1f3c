import { apiUrl, get, queryOf } from './http'
import type { NameStatistics } from './nameReport.types'

export interface NameReportQuery {
  class?: string
  division?: string
  open?: string
}

export const nameReportApi = {
  statistics: (query: NameReportQuery, lang: string, signal?: AbortSignal) => get<NameStatistics>(`place-name-statistics${queryOf({ ...query })}`, lang, signal),
  /** the address of a file: place-names.xlsx, place-name-statistics.xlsx and so on */
  file: (name: string, query: NameReportQuery, lang: string) => apiUrl(`${name}${queryOf({ ...query, words: lang })}`, lang),
}
