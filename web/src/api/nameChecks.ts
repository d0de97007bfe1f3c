import { get, queryOf, send } from './http'
import type { CheckAct, CheckQuestion, Clearance, Cover, Covers, ListedWord, NameCheck, WordKind, WordList, WordListContent, WordListHead } from './nameChecks.types'
import type { Version } from './records.types'
import { upload } from './upload'

const of = (id: string) => `place-names/${encodeURIComponent(id)}`

export const nameChecksApi = {
  check: (id: string, act: CheckAct, of_case: string, lang: string, signal?: AbortSignal) => get<NameCheck>(`${of(id)}/check${queryOf({ act, case: of_case })}`, lang, signal),
  /** what the rules would find of a name as it is typed; nothing is kept */
  tryOut: async (question: CheckQuestion, lang: string, signal?: AbortSignal) => (await send<NameCheck>('POST', 'place-names/check', { lang, ...(signal ? { signal } : {}), body: question })).body,
  clearances: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ clearances: Clearance[] }>(`${of(id)}/clearances`, lang, signal)).clearances,
  clear: (id: string, word: { kind: WordKind; word?: string; by: string; reason: string }, key: string, lang: string) =>
    send<Clearance>('POST', `${of(id)}/clearances`, { lang, body: word, key }),
  unclear: (id: string, clearance: string, reason: string, lang: string) =>
    send<void>('DELETE', `${of(id)}/clearances/${encodeURIComponent(clearance)}${queryOf({ reason })}`, { lang }),
}

export const wordListsApi = {
  all: async (lang: string, signal?: AbortSignal) => (await get<{ lists: WordListHead[] }>('word-lists', lang, signal)).lists,
  list: (kind: WordKind, lang: string, signal?: AbortSignal) => get<WordList>(`word-lists/${kind}`, lang, signal),
  put: async (kind: WordKind, list: WordListContent, version: number, reason: string, lang: string) =>
    (await send<WordList>('PUT', `word-lists/${kind}`, { lang, version, body: { ...list, reason } })).body,
  history: async (kind: WordKind, lang: string, signal?: AbortSignal) => (await get<{ versions: Version[] }>(`word-lists/${kind}/history`, lang, signal)).versions,
  /** the words of a file; nothing is kept */
  read: async (file: File, lang: string) =>
    ((await (await upload(`word-lists/read${queryOf({ name: file.name })}`, { body: file, type: 'application/octet-stream' }, { lang })).json()) as { words: ListedWord[] }).words,
  covers: (lang: string, signal?: AbortSignal) => get<Covers>('name-covers', lang, signal),
  cover: (cover: Omit<Cover, 'id'> & { reason: string }, key: string, lang: string) => send<Cover>('POST', 'name-covers', { lang, body: cover, key }),
  uncover: (id: string, reason: string, lang: string) => send<void>('DELETE', `name-covers/${encodeURIComponent(id)}${queryOf({ reason })}`, { lang }),
}
