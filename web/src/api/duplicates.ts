import type { Decided, Merge, PairFacility, PairFilter, PairPage, PlaceQuery, PlaceResult } from './duplicates.types'
import { get, queryOf, send } from './http'

export const duplicatesApi = {
  pairs: (filter: PairFilter & { cursor?: string; limit?: number }, lang: string, signal?: AbortSignal) =>
    get<PairPage>(`facility-duplicates${queryOf({ ...filter })}`, lang, signal),
  decisions: async (lang: string, signal?: AbortSignal) =>
    (await get<{ decisions: Decided[] }>('facility-duplicates/decisions', lang, signal)).decisions,
  decide: async (decision: { a: string; b: string; decision: 'same' | 'different'; reason: string }, key: string, lang: string) => {
    await send<Decided>('POST', 'facility-duplicates/decisions', { lang, body: decision, key })
  },
  /** makes a tombstone of `gone` that names the facility it was merged into */
  merge: async (gone: PairFacility, merge: Merge, key: string, lang: string) => {
    await send<unknown>('POST', `facilities/${encodeURIComponent(gone.id)}/merge`, { lang, body: merge, key, version: gone.version })
  },
}

export const placesApi = {
  search: (query: PlaceQuery, lang: string, signal?: AbortSignal) => get<PlaceResult>(`place-search${queryOf({ ...query })}`, lang, signal),
}
