import { apiUrl, get, queryOf, send } from './http'
import type {
  Column,
  Decision,
  Guess,
  ImportBatch,
  ImportDetail,
  ImportOptions,
  PlaceCandidates,
  RowPage,
  SavedMapping,
  UndoneRows,
  UnplacedPage,
} from './imports.types'
import { upload } from './upload'

const of = (id: string) => `imports/${encodeURIComponent(id)}`

export const importsApi = {
  list: (cursor: string, lang: string, signal?: AbortSignal) =>
    get<{ imports: ImportBatch[]; next: string | null }>(`imports${queryOf({ cursor, limit: 50 })}`, lang, signal),
  one: (id: string, lang: string, signal?: AbortSignal) => get<ImportDetail>(of(id), lang, signal),
  upload: async (file: File, key: string, lang: string, onprogress: (share: number) => void) =>
    (await (
      await upload(`imports${queryOf({ name: file.name })}`, { body: file, type: 'application/octet-stream' }, { lang, key, onprogress })
    ).json()) as ImportDetail,
  reread: async (id: string, version: number, chosen: { table?: string; header_row?: number; encoding?: string }, lang: string) =>
    (await send<ImportDetail>('PUT', `${of(id)}/source`, { lang, version, body: chosen })).body,
  map: async (id: string, version: number, columns: Column[], options: ImportOptions, lang: string) =>
    (await send<ImportDetail>('PUT', `${of(id)}/mapping`, { lang, version, body: { mapping: { columns }, options } })).body,
  guesses: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ guesses: Guess[] }>(`${of(id)}/crs`, lang, signal)).guesses,
  ask: async (id: string, version: number, step: 'check' | 'commit' | 'undo', key: string, lang: string) =>
    (await send<{ job: string }>('POST', `${of(id)}/${step}`, { lang, version, key })).body.job,
  undoRows: async (id: string, version: number, rows: number[], reason: string, key: string, lang: string) =>
    (await send<UndoneRows>('POST', `${of(id)}/undo-rows`, { lang, version, key, body: { rows, reason } })).body,
  rows: (id: string, filter: { outcome?: string; warned?: boolean; undo?: string; after?: number; limit?: number }, lang: string, signal?: AbortSignal) =>
    get<RowPage>(`${of(id)}/rows${queryOf(filter)}`, lang, signal),
  decide: async (id: string, version: number, decisions: Decision[], lang: string) =>
    (await send<ImportDetail>('PUT', `${of(id)}/decisions`, { lang, version, body: { decisions } })).body,
  discard: (id: string, lang: string) => send<void>('DELETE', of(id), { lang }),
  saveMapping: async (batch: string, name: string, key: string, lang: string) =>
    (await send<SavedMapping>('POST', 'import-mappings', { lang, key, body: { batch, name } })).body,
  fileUrl: (id: string, lang: string) => apiUrl(`${of(id)}/file`, lang),
  templateUrl: (type: string, lang: string) => apiUrl(`facility-templates/${encodeURIComponent(type)}?words=${lang}`, lang),
  markedUrl: (id: string, lang: string) => apiUrl(`${of(id)}/errors.xlsx`, lang),
}

export const placeApi = {
  list: (filter: { division?: string; type?: string; batch?: string; q?: string; cursor?: string; limit?: number }, lang: string, signal?: AbortSignal) =>
    get<UnplacedPage>(`facilities/unplaced${queryOf(filter)}`, lang, signal),
  candidates: (id: string, lang: string, signal?: AbortSignal) =>
    get<PlaceCandidates>(`facilities/unplaced/${encodeURIComponent(id)}/candidates`, lang, signal),
}
