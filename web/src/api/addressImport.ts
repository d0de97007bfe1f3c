import { get, queryOf, send } from './http'
import { upload } from './upload'

export interface AddressImported {
  taken: boolean
  rows: number
  unchanged: number
  matched: number
  created: number
  difference: number
  made: number
  new_differences: number
  fault_count: number
  faults: { row: number; column: string; value?: string; zh: string; en: string }[]
  list: { row: number; address: string; code: string; id?: string; outcome: string; reason?: string }[]
  columns: Record<string, string>
  ignored: string[]
}

export interface AddressDifference {
  id: string
  version: number
  system: string
  file: string
  row: number
  read: { Code: string; Payload: string; Address: string; Name: string; Number: string; Building: string; Unit: string; Room: string }
  reason: string
  candidates: string[]
}

/** What a person says of a register beside the file. */
export interface RegisterSetting {
  system: string
  crs: string
  custody: string
  accuracy_m: number
  create: boolean
}

const bring = async (path: string, file: File, asked: Record<string, string | number | boolean>, lang: string, key?: string) =>
  (await (await upload(`${path}${queryOf({ name: file.name, ...asked })}`, { body: file, type: 'application/octet-stream' }, { lang, ...(key ? { key } : {}) })).json()) as AddressImported

export const addressImportApi = {
  trial: (file: File, setting: RegisterSetting, lang: string) => bring('address-import/trial', file, { ...setting }, lang),
  take: (file: File, setting: RegisterSetting, reason: string, key: string, lang: string) => bring('address-import', file, { ...setting, reason }, lang, key),
  differences: async (lang: string, signal?: AbortSignal) => (await get<{ differences: AddressDifference[] }>('address-differences', lang, signal)).differences,
  decide: (difference: AddressDifference, address: string, reason: string, key: string, lang: string) =>
    send<void>('POST', `address-differences/${encodeURIComponent(difference.id)}/decide`, { lang, version: difference.version, key, body: { ...(address ? { address_id: address } : {}), reason } }),
}
