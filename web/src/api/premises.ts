import { apiUrl, get, idOf, queryOf, send } from './http'
import type { Version } from './records.types'
import { upload } from './upload'
import type {
  Codes,
  ImportedRooms,
  Inspections,
  MatrixQuery,
  MatrixTable,
  NewInspection,
  Rectification,
  RoomContent,
  RoomFilter,
  RoomPage,
  RoomRecord,
  Summary,
} from './premises.types'

const of = (id: string) => `premises/${encodeURIComponent(id)}`

/** A merge patch of a room: only what changes, and why. */
export type RoomPatch = Partial<RoomContent> & { reason: string; valid_from?: string; correction?: boolean }

export const premisesApi = {
  codes: (lang: string, signal?: AbortSignal) => get<Codes>('premises-codes', lang, signal),
  list: (filter: RoomFilter & { cursor?: string; limit?: number }, lang: string, signal?: AbortSignal) =>
    get<RoomPage>(`premises${queryOf({ ...filter })}`, lang, signal),
  summary: (filter: RoomFilter, lang: string, signal?: AbortSignal) => get<Summary>(`premises-summary${queryOf({ ...filter })}`, lang, signal),
  room: (id: string, lang: string, signal?: AbortSignal) => get<RoomRecord>(of(id), lang, signal),
  history: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ versions: Version[] }>(`${of(id)}/history`, lang, signal)).versions,
  inspections: (id: string, lang: string, signal?: AbortSignal) => get<Inspections>(`${of(id)}/inspections`, lang, signal),
  /** gives the id of the new room */
  register: async (room: RoomContent & { reason: string }, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'premises', { lang, body: room, key })).location),
  change: async (id: string, patch: RoomPatch, version: number, lang: string) =>
    (await send<RoomRecord>('PATCH', of(id), { lang, body: patch, version })).body,
  remove: (id: string, version: number, reason: string, lang: string) =>
    send<void>('DELETE', `${of(id)}${queryOf({ reason })}`, { lang, version }),
  inspect: async (id: string, inspection: NewInspection, key: string, lang: string) =>
    (await send<RoomRecord>('POST', `${of(id)}/inspections`, { lang, body: inspection, key })).body,
  follow: async (
    id: string,
    rectification: Rectification,
    change: { deadline?: string; order_no?: string; reported_on?: string; report?: string; reason: string },
    lang: string,
  ) =>
    (
      await send<Rectification>('PATCH', `${of(id)}/rectifications/${encodeURIComponent(rectification.id)}`, {
        lang,
        body: change,
        version: rectification.version,
      })
    ).body,
  /** tries a list of rooms: everything is done and nothing kept */
  tryList: async (file: File, lang: string) =>
    (await (
      await upload(`premises-import/trial${queryOf({ name: file.name })}`, { body: file, type: 'application/octet-stream' }, { lang })
    ).json()) as ImportedRooms,
  takeList: async (file: File, reason: string, key: string, lang: string) =>
    (await (
      await upload(`premises-import${queryOf({ name: file.name, reason })}`, { body: file, type: 'application/octet-stream' }, { lang, key })
    ).json()) as ImportedRooms,
  templateUrl: (lang: string) => apiUrl('premises-template.xlsx', lang),
  /** the address of the ledger as a file */
  file: (form: 'csv' | 'xlsx', filter: RoomFilter, lang: string) => apiUrl(`premises.${form}${queryOf({ ...filter, words: lang })}`, lang),
}

export const matrixApi = {
  table: (query: MatrixQuery, lang: string, signal?: AbortSignal) => get<MatrixTable>(`community-matrix${queryOf({ ...query })}`, lang, signal),
  /** the address of the table as a file */
  file: (form: 'xlsx' | 'pdf', query: MatrixQuery, lang: string) => apiUrl(`community-matrix.${form}${queryOf({ ...query, words: lang })}`, lang),
}
