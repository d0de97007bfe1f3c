import { apiUrl, get, queryOf, send } from './http'
import type { Consequences, FollowState, FollowUps, NameChanges, UnitCost, UnitCosts } from './nameConsequences.types'

const of = (id: string) => `place-names/${encodeURIComponent(id)}`

export interface ChangesQuery {
  q: string
  from: string
  till: string
}

export const nameConsequencesApi = {
  before: (id: string, lang: string, signal?: AbortSignal) => get<Consequences>(`${of(id)}/consequences`, lang, signal),
  after: (id: string, lang: string, signal?: AbortSignal) => get<FollowUps>(`${of(id)}/follow-ups`, lang, signal),
  mark: async (id: string, mark: { kind: string; item_id: string; state: FollowState; reason: string }, key: string, lang: string) =>
    (await send<FollowUps>('POST', `${of(id)}/follow-ups`, { lang, body: mark, key })).body,
  changes: (query: ChangesQuery, next: number, lang: string, signal?: AbortSignal) => get<NameChanges>(`name-changes${queryOf({ ...query, next: next > 0 ? String(next) : '' })}`, lang, signal),
  file: (form: 'xlsx' | 'csv', query: ChangesQuery, lang: string) => apiUrl(`name-changes.${form}${queryOf({ ...query, words: lang })}`, lang),
  costs: (lang: string, signal?: AbortSignal) => get<UnitCosts>('name-unit-costs', lang, signal),
  setCosts: async (prices: UnitCost[], reason: string, version: number, lang: string) => (await send<UnitCosts>('PUT', 'name-unit-costs', { lang, body: { prices, reason }, version })).body,
}
