import { get, idOf, queryOf, send } from './http'
import type { CasePage, Desk, LocalProcedure, NameCase, NameHit, NewCase, NewEvent, Procedures, WorkingCalendar, WorkingYear } from './nameCases.types'

const of = (id: string) => `name-cases/${encodeURIComponent(id)}`

/** The part of a new record that the form of a case asks for; the rest is filled in on the record. */
export interface NewName {
  text: string
  kind: string
  divisions: string[]
  extent: { from: string; to: string }
  size: { length_m: number; width_m: number; site_m2: number }
  meaning: string
  planned: string
  /** with the readings that somebody confirmed; '' and none until then */
  roman: string
  readings: string[]
}

export const nameCasesApi = {
  list: (filter: { state?: string; name?: string; q?: string; cursor?: string }, lang: string, signal?: AbortSignal) =>
    get<CasePage>(`name-cases${queryOf(filter)}`, lang, signal),
  one: (id: string, lang: string, signal?: AbortSignal) => get<NameCase>(of(id), lang, signal),
  create: async (begun: NewCase, key: string, lang: string) => (await send<NameCase>('POST', 'name-cases', { lang, body: begun, key })).body,
  take: async (id: string, event: NewEvent, version: number, key: string, lang: string) =>
    (await send<NameCase>('POST', `${of(id)}/events`, { lang, body: event, version, key })).body,
  amend: async (id: string, patch: Record<string, unknown> & { reason: string }, version: number, lang: string) =>
    (await send<NameCase>('PATCH', of(id), { lang, body: patch, version })).body,
  desk: (lang: string, signal?: AbortSignal) => get<Desk>('name-desk', lang, signal),
  procedures: (lang: string, signal?: AbortSignal) => get<Procedures>('name-procedures', lang, signal),
  setProcedure: async (local: LocalProcedure & { reason: string }, version: number, lang: string) =>
    (await send<Procedures>('PUT', 'name-procedures', { lang, body: local, version })).body,
  calendar: (lang: string, signal?: AbortSignal) => get<WorkingCalendar>('working-calendar', lang, signal),
  setCalendar: async (years: WorkingYear[], reason: string, version: number, lang: string) =>
    (await send<WorkingCalendar>('PUT', 'working-calendar', { lang, body: { years, reason }, version })).body,
  names: async (q: string, lang: string, signal?: AbortSignal) =>
    (await get<{ names: NameHit[] }>(`place-names${queryOf({ q, limit: 20 })}`, lang, signal)).names,
  name: (id: string, lang: string, signal?: AbortSignal) => get<NameHit>(`place-names/${encodeURIComponent(id)}`, lang, signal),
  /** a draft, which the case proposes; gives its id */
  draft: async (name: NewName, reason: string, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'place-names', { lang, body: { ...name, state: 'draft', reason }, key })).location),
}
