import { get, send } from './http'
import type { PlateSheets } from './sheets.types'

const of = (order: string) => `plate-orders/${encodeURIComponent(order)}`

export const sheetsApi = {
  standing: (order: string, lang: string, signal?: AbortSignal) => get<PlateSheets>(`${of(order)}/sheets`, lang, signal),
  prove: async (order: string, key: string, lang: string) => (await send<{ job_id: string }>('POST', `${of(order)}/proof`, { lang, key })).body.job_id,
  fileUrl: (order: string, file: 'sheet.pdf' | 'manifest.json' | 'maker.csv') => `/api/v1/${of(order)}/${file}`,
  pictureUrl: (token: string) => `/api/v1/plates/${encodeURIComponent(token)}.svg`,
}
