import { apiUrl, get, queryOf, send } from './http'
import type { FilingPack, KeptPaper, NewPaper, PaperDesk, PaperPage, PaperPreview, PaperSettings } from './namePapers.types'
import { paperTemplates } from './paperTemplates'
import { upload } from './upload'

const ofCase = (id: string) => `name-cases/${encodeURIComponent(id)}`
const ofKind = (id: string, kind: string) => `${ofCase(id)}/papers/${encodeURIComponent(kind)}`
const one = (id: string) => `name-papers/${encodeURIComponent(id)}`

export const namePapersApi = {
  desk: (id: string, lang: string, signal?: AbortSignal) => get<PaperDesk>(`${ofCase(id)}/papers`, lang, signal),
  preview: (id: string, kind: string, lang: string, signal?: AbortSignal) => get<PaperPreview>(`${ofKind(id, kind)}/preview`, lang, signal),
  /** the address of a paper as it would be */
  draft: (id: string, kind: string, lang: string) => apiUrl(`${ofKind(id, kind)}/draft`, lang),
  keep: async (id: string, paper: NewPaper, key: string, lang: string) => (await send<KeptPaper>('POST', `${ofCase(id)}/papers`, { lang, body: paper, key })).body,
  list: (filter: { year?: string; q?: string; cursor?: string; limit?: number }, lang: string, signal?: AbortSignal) => get<PaperPage>(`name-papers${queryOf(filter)}`, lang, signal),
  /** the address of a paper as it was kept */
  file: (id: string, lang: string) => apiUrl(`${one(id)}/file`, lang),
  scan: async (id: string, file: File, key: string, lang: string) =>
    (await (await upload(`${one(id)}/scan${queryOf({ name: file.name })}`, { body: file, type: 'application/octet-stream' }, { lang, key })).json()) as KeptPaper,
  makeVoid: async (id: string, reason: string, key: string, lang: string) => (await send<KeptPaper>('POST', `${one(id)}/void`, { lang, body: { reason }, key })).body,
  pack: (id: string, lang: string, signal?: AbortSignal) => get<FilingPack>(`${ofCase(id)}/filing-pack`, lang, signal),
  /** the address of the filing pack */
  packFile: (id: string, lang: string) => apiUrl(`${ofCase(id)}/filing-pack.zip`, lang),
  settings: (lang: string, signal?: AbortSignal) => get<PaperSettings>('name-paper-settings', lang, signal),
  setSettings: async (set: PaperSettings, reason: string, version: number, lang: string) =>
    (await send<PaperSettings>('PUT', 'name-paper-settings', { lang, body: { series: set.series, to: set.to ?? {}, reason }, version })).body,
  templates: paperTemplates('name-paper-templates'),
}
