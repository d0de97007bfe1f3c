import type { ExportedFile, ExportFilter, ExportOrder, ExportPreview, ExportProfile, ExportProfileContent, ExportWays } from './exports.types'
import { download, fileNameOf } from './download'
import { apiUrl, get, idOf, send } from './http'

const of = (id: string) => `export-profiles/${encodeURIComponent(id)}`

async function file(order: ExportOrder, lang: string, signal?: AbortSignal): Promise<ExportedFile> {
  const response = await download('facility-export', order, lang, signal)
  return {
    name: fileNameOf(response.headers.get('content-disposition') ?? '', 'facilities'),
    rows: Number(response.headers.get('x-row-count') ?? 0),
    blob: await response.blob(),
  }
}

export const exportsApi = {
  ways: (lang: string, signal?: AbortSignal) => get<ExportWays>('export-fields', lang, signal),
  file,
  preview: async (order: ExportOrder & { draft?: ExportProfileContent }, lang: string, signal?: AbortSignal) =>
    (await send<ExportPreview>('POST', 'facility-export/preview', { lang, body: order, signal })).body,
  profiles: async (lang: string, signal?: AbortSignal) => (await get<{ profiles: ExportProfile[] }>('export-profiles', lang, signal)).profiles,
  /** gives the id of the new profile */
  keep: async (profile: ExportProfileContent, key: string, lang: string) => idOf((await send<unknown>('POST', 'export-profiles', { lang, body: profile, key })).location),
  change: async (id: string, profile: ExportProfileContent, version: number, lang: string) => {
    await send<unknown>('PATCH', of(id), { lang, body: profile, version })
  },
  remove: async (id: string, version: number, lang: string) => {
    await send<unknown>('DELETE', of(id), { lang, version })
  },
  /** the address of a template for a type, in a language */
  template: (type: string, format: 'xlsx' | 'csv', lang: string) =>
    apiUrl(`facility-templates/${encodeURIComponent(type)}?format=${format}&words=${lang}`, lang),
}

/** How many facilities a filter means is for the server to say; this only tells whether it
 *  leaves anything out. */
export function narrows(filter: ExportFilter): boolean {
  return Object.values(filter).some((value) => (Array.isArray(value) ? value.length > 0 : Boolean(value)))
}
