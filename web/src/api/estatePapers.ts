import type { EstateLetter } from './estatePapers.types'
import { apiUrl, get, queryOf, send } from './http'
import { paperTemplates } from './paperTemplates'

const of = (id: string) => `estates/${encodeURIComponent(id)}`

export const estatePapersApi = {
  /** the address of the page that a developer is handed: the record as it is kept */
  sheet: (id: string, lang: string) => apiUrl(`${of(id)}/sheet.pdf${queryOf({ words: lang })}`, lang),
  /** the address of a check as a workbook: at a milestone, of all rules for '' */
  findings: (id: string, milestone: string, lang: string) => apiUrl(`${of(id)}/findings.xlsx${queryOf({ milestone, words: lang })}`, lang),
  letters: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ letters: EstateLetter[] }>(`${of(id)}/letters`, lang, signal)).letters,
  /** the address of an opinion's letter as a document to edit */
  letter: (id: string, opinion: string, lang: string) => apiUrl(`${of(id)}/letters/${encodeURIComponent(opinion)}.docx`, lang),
  /** keeps the letter as it goes out; asked again it gives the same */
  sendLetter: async (id: string, opinion: string, key: string, lang: string) =>
    (await send<EstateLetter>('POST', `${of(id)}/letters/${encodeURIComponent(opinion)}`, { lang, key })).body,
  templates: paperTemplates('estate-letter-templates'),
}
