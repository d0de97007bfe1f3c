import { get, queryOf } from './http'
import type { FoundName } from './nameSearch.types'

export const nameSearchApi = {
  find: async (query: { q: string; limit?: number; class?: string }, lang: string, signal?: AbortSignal) =>
    (await get<{ names: FoundName[] }>(`place-names/search${queryOf({ ...query })}`, lang, signal)).names,
}
