import { get, queryOf, send } from './http'
import type { Lexicon, LexiconContent, LexiconReading, Spelling, SpellingRequest } from './nameReadings.types'
import type { Version } from './records.types'

const of = (id: string) => `readings/${encodeURIComponent(id)}`

export const readingsApi = {
  spell: async (request: SpellingRequest, lang: string, signal?: AbortSignal) => (await send<Spelling>('POST', 'place-names/spelling', { lang, body: request, signal })).body,
  list: (q: string, lang: string, signal?: AbortSignal) => get<Lexicon>(`readings${queryOf({ q })}`, lang, signal),
  history: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ versions: Version[] }>(`${of(id)}/history`, lang, signal)).versions,
  add: async (entry: LexiconContent, key: string, lang: string) => (await send<LexiconReading>('POST', 'readings', { lang, body: entry, key })).body,
  change: async (id: string, entry: LexiconContent, version: number, lang: string) => (await send<LexiconReading>('PUT', of(id), { lang, body: entry, version })).body,
  remove: (id: string, version: number, reason: string, lang: string) => send<void>('DELETE', `${of(id)}${queryOf({ reason })}`, { lang, version }),
}
