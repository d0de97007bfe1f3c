import type { ImportedEstates } from './estateImport.types'
import { apiUrl, queryOf } from './http'
import { upload } from './upload'

const sent = async (path: string, file: File, lang: string, key?: string): Promise<ImportedEstates> =>
  (await (await upload(path, { body: file, type: 'application/octet-stream' }, { lang, ...(key ? { key } : {}) })).json()) as ImportedEstates

export const estateImportApi = {
  /** tries a file: everything is done and nothing kept; crs is '' for that of the file */
  tryFile: (file: File, crs: string, lang: string) => sent(`estates-import/trial${queryOf({ name: file.name, crs })}`, file, lang),
  takeFile: (file: File, crs: string, reason: string, key: string, lang: string) => sent(`estates-import${queryOf({ name: file.name, crs, reason })}`, file, lang, key),
  templateUrl: (what: 'estates' | 'estate-rooms', lang: string) => apiUrl(`${what}-template.xlsx${queryOf({ words: lang })}`, lang),
}
