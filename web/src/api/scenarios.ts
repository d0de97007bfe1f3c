import { get, idOf, queryOf, send } from './http'
import type { Version } from './records.types'
import type { CompareAsked, Comparison, Scenario, ScenarioContent, ScenarioFilter, ScenarioPage, ScenarioState, ScenarioToday } from './scenarios.types'

const of = (id: string) => `scenarios/${encodeURIComponent(id)}`

export interface ScenarioChange extends Partial<ScenarioContent> {
  state?: ScenarioState
  /** keep what it comes to today, also where nothing else changes */
  refresh?: boolean
  reason?: string
}

export const scenariosApi = {
  list: (filter: ScenarioFilter, lang: string, signal?: AbortSignal) =>
    get<ScenarioPage>(`scenarios${queryOf({ ...filter, mine: filter.mine ? true : undefined })}`, lang, signal),
  /** with what it comes to today */
  one: (id: string, lang: string, signal?: AbortSignal) => get<ScenarioToday>(of(id), lang, signal),
  history: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ versions: Version[] }>(`${of(id)}/history`, lang, signal)).versions,
  create: async (content: ScenarioContent, key: string, lang: string) => (await send<Scenario>('POST', 'scenarios', { lang, key, body: content })).body,
  copy: async (id: string, name: string, key: string, lang: string) => idOf((await send<Scenario>('POST', `${of(id)}/copies`, { lang, key, body: { name } })).location),
  change: async (seen: Pick<Scenario, 'id' | 'version'>, change: ScenarioChange, lang: string) =>
    (await send<Scenario>('PATCH', of(seen.id), { lang, version: seen.version, body: change })).body,
  decide: async (seen: Pick<Scenario, 'id' | 'version'>, verdict: string, reason: string, lang: string) =>
    (await send<Scenario>('PUT', `${of(seen.id)}/decision`, { lang, version: seen.version, body: { verdict, reason } })).body,
  remove: async (seen: Pick<Scenario, 'id' | 'version'>, reason: string, lang: string) =>
    void (await send('DELETE', `${of(seen.id)}${queryOf({ reason })}`, { lang, version: seen.version })),
  /** side by side, on today's data; nothing is written */
  compare: async (asked: CompareAsked, lang: string, signal?: AbortSignal) =>
    (await send<Comparison>('POST', 'scenarios/compare', { lang, body: asked, signal })).body,
}
