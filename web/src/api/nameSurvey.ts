import { get, queryOf, send } from './http'
import type { SurveyList, VisitList } from './nameSurvey.types'

export const nameSurveyApi = {
  awaiting: (lang: string, signal?: AbortSignal) => get<SurveyList>('name-survey', lang, signal),
  ofCase: (id: string, lang: string, signal?: AbortSignal) => get<VisitList>(`name-cases/${encodeURIComponent(id)}/visits`, lang, signal),
  remove: (id: string, version: number, reason: string, lang: string) => send<void>('DELETE', `name-visits/${encodeURIComponent(id)}${queryOf({ reason })}`, { lang, version }),
}
