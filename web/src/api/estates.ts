import type { Version } from './records.types'
import type { Estate, EstateCheck, EstateCodes, EstateContent, EstateFilter, EstatePage } from './estates.types'
import { get, idOf, queryOf, send } from './http'

const of = (id: string) => `estates/${encodeURIComponent(id)}`

/** A merge patch of an estate: only what changes, and why. */
export type EstatePatch = Partial<EstateContent> & { reason: string; valid_from?: string; correction?: boolean }

export const estatesApi = {
  codes: (lang: string, signal?: AbortSignal) => get<EstateCodes>('estate-codes', lang, signal),
  list: (filter: EstateFilter & { cursor?: string; limit?: number }, lang: string, signal?: AbortSignal) =>
    get<EstatePage>(`estates${queryOf({ ...filter })}`, lang, signal),
  estate: (id: string, lang: string, signal?: AbortSignal) => get<Estate>(of(id), lang, signal),
  history: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ versions: Version[] }>(`${of(id)}/history`, lang, signal)).versions,
  /** gives the id of the new estate */
  register: async (estate: EstateContent & { reason: string }, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'estates', { lang, body: estate, key })).location),
  change: async (id: string, patch: EstatePatch, version: number, lang: string) =>
    (await send<Estate>('PATCH', of(id), { lang, body: patch, version })).body,
  remove: (id: string, version: number, reason: string, lang: string) =>
    send<void>('DELETE', `${of(id)}${queryOf({ reason })}`, { lang, version }),
  check: (id: string, milestone: string, lang: string, signal?: AbortSignal) => get<EstateCheck>(`${of(id)}/check${queryOf({ milestone })}`, lang, signal),
  /** what the rules would find of an estate as it is typed; nothing is kept */
  tryOut: async (estate: EstateContent, id: string, milestone: string, lang: string, signal?: AbortSignal) =>
    (await send<EstateCheck>('POST', 'estates/check', { lang, signal, body: { estate, ...(id ? { id } : {}), ...(milestone ? { milestone } : {}) } })).body,
}
