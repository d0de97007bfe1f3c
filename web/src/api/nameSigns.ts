import { get, queryOf, send } from './http'
import type { NewSign, Sign, SignContent, SignList, SignMove, SignWorkList } from './nameSigns.types'

const of = (id: string) => `signs/${encodeURIComponent(id)}`

export const nameSignsApi = {
  list: (name: string, lang: string, signal?: AbortSignal) => get<SignList>(`signs${queryOf({ name })}`, lang, signal),
  work: (lang: string, signal?: AbortSignal) => get<SignWorkList>('sign-work', lang, signal),
  enter: async (sign: NewSign, key: string, lang: string) => (await send<Sign>('POST', 'signs', { lang, body: sign, key })).body,
  change: async (id: string, patch: Partial<SignContent> & { reason: string }, version: number, lang: string) =>
    (await send<Sign>('PATCH', of(id), { lang, body: patch, version })).body,
  move: async (id: string, move: SignMove, version: number, key: string, lang: string) =>
    (await send<Sign>('POST', `${of(id)}/moves`, { lang, body: move, version, key })).body,
  remove: (id: string, version: number, reason: string, lang: string) => send<void>('DELETE', `${of(id)}${queryOf({ reason })}`, { lang, version }),
}
