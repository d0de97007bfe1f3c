import type { LocalRule, RuleCheck, RuleContent, RuleForms, Rules, RuleTrial } from './estateRules.types'
import { apiUrl, get, idOf, queryOf, send } from './http'
import type { Version } from './records.types'

const of = (id: string) => `estate-rules/${encodeURIComponent(id)}`

export const estateRulesApi = {
  forms: (lang: string, signal?: AbortSignal) => get<RuleForms>('estate-rule-forms', lang, signal),
  list: (lang: string, signal?: AbortSignal) => get<Rules>('estate-rules', lang, signal),
  one: (id: string, lang: string, signal?: AbortSignal) => get<LocalRule>(of(id), lang, signal),
  history: async (id: string, lang: string, signal?: AbortSignal) => (await get<{ versions: Version[] }>(`${of(id)}/history`, lang, signal)).versions,
  /** what is at fault with a rule as it is typed; nothing is kept */
  check: async (content: RuleContent, lang: string, signal?: AbortSignal) =>
    (await send<RuleCheck>('POST', 'estate-rules/check', { lang, signal, body: content })).body,
  /** gives the id of the draft */
  create: async (content: RuleContent, reason: string, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'estate-rules', { lang, body: { ...content, reason }, key })).location),
  change: async (id: string, content: RuleContent, version: number, reason: string, lang: string) =>
    (await send<LocalRule>('PUT', of(id), { lang, body: { ...content, reason }, version })).body,
  remove: (id: string, version: number, reason: string, lang: string) => send<void>('DELETE', `${of(id)}${queryOf({ reason })}`, { lang, version }),
  /** checks all estates with and without the rule, and keeps what that came to */
  tryAll: async (id: string, version: number, lang: string) => (await send<RuleTrial>('POST', `${of(id)}/trial`, { lang, version })).body,
  trial: (id: string, lang: string, signal?: AbortSignal) => get<RuleTrial>(`${of(id)}/trial`, lang, signal),
  trialFile: (id: string, lang: string) => apiUrl(`${of(id)}/trial.csv${queryOf({ words: lang })}`, lang),
  adopt: async (id: string, version: number, reason: string, key: string, lang: string) =>
    (await send<LocalRule>('POST', `${of(id)}/adopt`, { lang, body: { reason }, version, key })).body,
  withdraw: async (id: string, version: number, reason: string, key: string, lang: string) =>
    (await send<LocalRule>('POST', `${of(id)}/withdraw`, { lang, body: { reason }, version, key })).body,
}
