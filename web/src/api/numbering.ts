import { queryOf, send } from './http'
import type { LocalRule, LonLat, NumberingGround, NumberingQuestion, NumberingResult, NumberingRules, NumberingStreet, RuleContent, TakenRoad } from './numbering.types'
import type { Version } from './records.types'

interface Asked {
  name_id?: string
  name?: string
  sections?: LonLat[][]
}

export const numberingApi = {
  rules: async (lang: string, signal?: AbortSignal) => (await send<NumberingRules>('GET', 'numbering-rules', { lang, signal })).body,
  create: async (content: RuleContent & { reason: string }, lang: string, key: string) => (await send<LocalRule>('POST', 'numbering-rules', { lang, body: content, key })).body,
  change: async (id: string, content: RuleContent & { reason: string }, version: number, lang: string) =>
    (await send<LocalRule>('PATCH', `numbering-rules/${encodeURIComponent(id)}`, { lang, body: content, version })).body,
  history: async (id: string, lang: string) => (await send<{ versions: Version[] }>('GET', `numbering-rules/${encodeURIComponent(id)}/history`, { lang })).body.versions,
  streets: async (q: string, division: string, lang: string, signal?: AbortSignal) =>
    (await send<{ streets: NumberingStreet[] }>('GET', `numbering/streets${queryOf({ q, division })}`, { lang, signal })).body.streets,
  ground: async (asked: Asked, lang: string, signal?: AbortSignal) => (await send<NumberingGround>('POST', 'numbering/ground', { lang, body: asked, signal })).body,
  propose: async (question: NumberingQuestion, lang: string, signal?: AbortSignal) => (await send<NumberingResult>('POST', 'numbering/proposals', { lang, body: question, signal })).body,
  takeOver: async (roads: TakenRoad[], reason: string, lang: string, key: string) =>
    (await send<{ addresses: number; roads: number }>('POST', 'numbering/takeover', { lang, body: { roads, reason }, key })).body,
}
