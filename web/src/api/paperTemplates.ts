import type { LetterTemplate } from './estatePapers.types'
import type { PaperTemplates } from './namePapers.types'
import { apiUrl, get, queryOf, send } from './http'
import { upload } from './upload'

/** The templates of a feature's papers, below a path of the API. */
export function paperTemplates(path: string) {
  const one = (kind: string) => `${path}/${encodeURIComponent(kind)}`
  return {
    list: (lang: string, signal?: AbortSignal) => get<PaperTemplates>(path, lang, signal),
    file: (kind: string, builtIn: boolean, lang: string) => apiUrl(`${one(kind)}${builtIn ? '?built_in=true' : ''}`, lang),
    set: async (kind: string, version: number, file: File, lang: string) =>
      (await (await upload(`${one(kind)}${queryOf({ name: file.name })}`, { body: file, type: 'application/octet-stream' }, { lang, method: 'PUT', version })).json()) as LetterTemplate,
    reset: async (kind: string, version: number, lang: string) => (await send<LetterTemplate>('DELETE', one(kind), { lang, version })).body,
  }
}

export type PaperTemplatesApi = ReturnType<typeof paperTemplates>
