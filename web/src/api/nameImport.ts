import { apiUrl, queryOf } from './http'
import type { NameImported, NameImportSetting } from './nameImport.types'
import { upload } from './upload'

const query = (file: File, setting: NameImportSetting, reason = '') => {
  const said = Object.keys(setting.columns).length + Object.keys(setting.kinds).length > 0
  return queryOf({ name: file.name, crs: setting.crs, source: setting.source, mapping: said ? JSON.stringify({ columns: setting.columns, kinds: setting.kinds }) : '', reason })
}
const sent = (path: string, file: File, lang: string, key?: string) => upload(path, { body: file, type: 'application/octet-stream' }, { lang, ...(key ? { key } : {}) })

export const nameImportApi = {
  /** tries a list: everything is done and nothing kept */
  tryFile: async (file: File, setting: NameImportSetting, lang: string) => (await (await sent(`place-name-import/trial${query(file, setting)}`, file, lang)).json()) as NameImported,
  takeFile: async (file: File, setting: NameImportSetting, reason: string, key: string, lang: string) =>
    (await (await sent(`place-name-import${query(file, setting, reason)}`, file, lang, key)).json()) as NameImported,
  /** the list back as a workbook with its faults marked */
  marked: async (file: File, setting: NameImportSetting, lang: string) => (await sent(`place-name-import/marked.xlsx${query(file, setting)}`, file, lang)).blob(),
  templateUrl: (lang: string) => apiUrl(`place-name-template.xlsx${queryOf({ words: lang })}`, lang),
}
