import { get, idOf, queryOf, send } from './http'
import type { NameCodes, NameContent, NameFilter, NameKin, NameLayerPage, NameMove, NamePage, NameRenaming, PlaceName, PlannedContent, PlannedName } from './names.types'
import type { Version } from './records.types'

const of = (id: string) => `place-names/${encodeURIComponent(id)}`

/** A merge patch of a place name: only what changes, and why. */
export type NamePatch = Partial<NameContent> & { reason: string; valid_from?: string; correction?: boolean }

export const namesApi = {
  codes: (lang: string, signal?: AbortSignal) => get<NameCodes>('place-name-codes', lang, signal),
  list: (filter: NameFilter & { cursor?: string; limit?: number }, lang: string, signal?: AbortSignal) =>
    get<NamePage>(`place-names${queryOf({ ...filter })}`, lang, signal),
  name: (id: string, at: string, lang: string, signal?: AbortSignal) => get<PlaceName>(`${of(id)}${queryOf({ at })}`, lang, signal),
  history: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ versions: Version[] }>(`${of(id)}/history`, lang, signal)).versions,
  /** what lies within west, south, east and north */
  map: (bounds: readonly number[], lang: string, signal?: AbortSignal) => get<NameLayerPage>(`place-names/map${queryOf({ bbox: bounds.map((each) => each.toFixed(6)).join(',') })}`, lang, signal),
  /** what the record belongs with; members of a road or river from the top down, itself among them */
  family: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ kin: NameKin[] }>(`${of(id)}/family`, lang, signal)).kin,
  /** gives the id of the new record */
  register: async (name: NameContent & { state: string; reason: string; valid_from?: string }, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'place-names', { lang, body: name, key })).location),
  change: async (id: string, patch: NamePatch, version: number, lang: string) =>
    (await send<PlaceName>('PATCH', of(id), { lang, body: patch, version })).body,
  remove: (id: string, version: number, reason: string, lang: string) =>
    send<void>('DELETE', `${of(id)}${queryOf({ reason })}`, { lang, version }),
  move: (id: string, move: NameMove, version: number, key: string, lang: string) =>
    send<PlaceName>('POST', `${of(id)}/moves`, { lang, body: move, version, key }),
  rename: (id: string, renaming: NameRenaming, version: number, key: string, lang: string) =>
    send<PlaceName>('POST', `${of(id)}/renaming`, { lang, body: renaming, version, key }),
}

const planned = (id: string) => `planned-names/${encodeURIComponent(id)}`

export const plannedApi = {
  /** all of them, by pinyin */
  list: async (lang: string, signal?: AbortSignal) => (await get<{ names: PlannedName[] }>('planned-names', lang, signal)).names,
  reserve: async (name: PlannedContent & { reason: string }, key: string, lang: string) =>
    (await send<PlannedName>('POST', 'planned-names', { lang, body: name, key })).body,
  change: async (id: string, patch: Partial<PlannedContent> & { reason: string; correction?: boolean }, version: number, lang: string) =>
    (await send<PlannedName>('PATCH', planned(id), { lang, body: patch, version })).body,
  remove: (id: string, version: number, reason: string, lang: string) => send<void>('DELETE', `${planned(id)}${queryOf({ reason })}`, { lang, version }),
}
