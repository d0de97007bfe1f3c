import type { Version } from './records.types'
import type { SentType, TypeCheck, TypeParts, TypeRecord } from './factypes.types'
import { get, idOf, queryOf, send } from './http'

const of = (type: string) => `facility-types/${encodeURIComponent(type)}`

export const typesApi = {
  parts: (lang: string, signal?: AbortSignal) => get<TypeParts>('facility-type-parts', lang, signal),
  one: (type: string, lang: string, signal?: AbortSignal) => get<TypeRecord>(of(type), lang, signal),
  history: async (type: string, lang: string, signal?: AbortSignal) => (await get<{ versions: Version[] }>(`${of(type)}/history`, lang, signal)).versions,
  check: async (type: SentType, lang: string, signal?: AbortSignal) =>
    (await send<TypeCheck>('POST', 'facility-types/check', { lang, body: type, signal })).body,
  /** gives the code word of the new type */
  create: async (type: SentType, reason: string, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'facility-types', { lang, body: { ...type, reason }, key })).location),
  change: async (type: string, patch: Partial<SentType>, version: number, reason: string, lang: string) =>
    (await send<TypeRecord>('PATCH', of(type), { lang, body: { ...patch, reason }, version })).body,
  remove: (type: string, version: number, reason: string, lang: string) => send<void>('DELETE', `${of(type)}${queryOf({ reason })}`, { lang, version }),
}
