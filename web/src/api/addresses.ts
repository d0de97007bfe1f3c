import type { Address, AddressCodes, AddressContent, AddressFilter, AddressLayer, AddressMove, AddressPage, AddressPair, AddressVersion, AddressWhole } from './addresses.types'
import { apiUrl, get, idOf, queryOf, send } from './http'
import type { Finding } from './standards.types'

const of = (id: string) => `addresses/${encodeURIComponent(id)}`

export const addressesApi = {
  codes: (lang: string, signal?: AbortSignal) => get<AddressCodes>('address-codes', lang, signal),
  list: (filter: AddressFilter & { limit?: number; cursor?: string }, lang: string, signal?: AbortSignal) => get<AddressPage>(`addresses${queryOf(filter)}`, lang, signal),
  map: (bbox: string, lang: string, signal?: AbortSignal) => get<AddressLayer>(`addresses/map${queryOf({ bbox })}`, lang, signal),
  one: (id: string, at: string, lang: string, signal?: AbortSignal) => get<AddressWhole>(`${of(id)}${queryOf({ at })}`, lang, signal),
  history: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ versions: AddressVersion[] }>(`${of(id)}/history`, lang, signal)).versions,
  check: (id: string, lang: string, signal?: AbortSignal) => get<{ elements: { code: string; value: string }[]; findings: Finding[] }>(`${of(id)}/check`, lang, signal),
  /** gives the id of the new address */
  enter: async (content: Partial<AddressContent> & { level: string; state: string; reason: string }, key: string, lang: string) =>
    idOf((await send<Address>('POST', 'addresses', { lang, body: content, key })).location),
  change: async (id: string, patch: Partial<AddressContent> & { reason: string; correction?: boolean }, version: number, lang: string) =>
    (await send<AddressWhole>('PATCH', of(id), { lang, body: patch, version })).body,
  move: async (id: string, move: AddressMove, version: number, key: string, lang: string) => (await send<AddressWhole>('POST', `${of(id)}/moves`, { lang, body: move, version, key })).body,
  remove: (id: string, version: number, reason: string, lang: string) => send<void>('DELETE', `${of(id)}${queryOf({ reason })}`, { lang, version }),
  pairs: async (filter: Pick<AddressFilter, 'q' | 'name' | 'division'>, lang: string, signal?: AbortSignal) => (await get<{ pairs: AddressPair[] }>(`addresses/old-new${queryOf(filter)}`, lang, signal)).pairs,
  pairsFile: (filter: Pick<AddressFilter, 'q' | 'name' | 'division'>, form: 'xlsx' | 'csv', lang: string) => apiUrl(`addresses/old-new.${form}${queryOf({ ...filter, words: lang })}`, lang),
}
