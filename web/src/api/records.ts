import { get, idOf, send } from './http'
import type { FacilityPatch, NewFacility, Version } from './records.types'
import type { Facility } from './types'

const of = (id: string) => `facilities/${encodeURIComponent(id)}`

export const recordsApi = {
  history: async (id: string, lang: string, signal?: AbortSignal) =>
    (await get<{ versions: Version[] }>(`${of(id)}/history`, lang, signal)).versions,
  /** gives the id of the new record */
  register: async (facility: NewFacility, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'facilities', { lang, body: facility, key })).location),
  change: async (id: string, patch: FacilityPatch, version: number, lang: string) =>
    (await send<Facility>('PATCH', of(id), { lang, body: patch, version })).body,
}
