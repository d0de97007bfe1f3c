import { get, send } from './http'
import type { FacilityPatch, NewFacility, Version } from './records.types'
import type { Facility } from './types'

const of = (id: string) => `facilities/${encodeURIComponent(id)}`

export const recordsApi = {
  history: async (id: string, lang: string, signal?: AbortSignal) =>
    (await get<{ versions: Version[] }>(`${of(id)}/history`, lang, signal)).versions,
  register: async (facility: NewFacility, key: string, lang: string) =>
    (await send<Facility>('POST', 'facilities', { lang, body: facility, key })).body,
  change: async (id: string, patch: FacilityPatch, version: number, lang: string) =>
    (await send<Facility>('PATCH', of(id), { lang, body: patch, version })).body,
}
