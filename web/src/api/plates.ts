import { get, queryOf, send } from './http'
import type {
  NewPlateOrder, PlateChoice, PlateDesk, PlateFilter, PlateOrder, PlateOrderPage, PlatePage, PlateRecord, PlateSelection, PlateTold, PlateWay, PlateWayAsked,
} from './plates.types'

const of = (token: string) => `plates/${encodeURIComponent(token)}`
const order = (id: string) => `plate-orders/${encodeURIComponent(id)}`

export const platesApi = {
  list: (filter: PlateFilter & { cursor?: string; limit?: number }, lang: string, signal?: AbortSignal) => get<PlatePage>(`plates${queryOf({ ...filter })}`, lang, signal),
  one: (token: string, lang: string, signal?: AbortSignal) => get<PlateRecord>(of(token), lang, signal),
  tell: async (token: string, told: PlateTold, key: string, lang: string) => (await send<PlateRecord>('POST', `${of(token)}/events`, { lang, body: told, key })).body,
  desk: (asked: { division?: string; preset?: string }, lang: string, signal?: AbortSignal) => get<PlateDesk>(`plate-desk${queryOf(asked)}`, lang, signal),
  way: async (asked: PlateWayAsked, lang: string, signal?: AbortSignal) => (await send<PlateWay>('POST', 'plate-routes', { lang, body: asked, key: crypto.randomUUID(), signal })).body,
  choose: async (selection: PlateSelection, lang: string, signal?: AbortSignal) =>
    (await send<PlateChoice>('POST', 'plate-selection', { lang, body: selection, key: crypto.randomUUID(), signal })).body,
  orders: (cursor: string, lang: string, signal?: AbortSignal) => get<PlateOrderPage>(`plate-orders${queryOf({ cursor })}`, lang, signal),
  orderOne: (id: string, lang: string, signal?: AbortSignal) => get<PlateOrder>(order(id), lang, signal),
  order: async (made: NewPlateOrder, key: string, lang: string) => (await send<PlateOrder>('POST', 'plate-orders', { lang, body: made, key })).body,
  batch: async (id: string, told: { kind: string; day: string; note?: string; tokens?: string[] }, key: string, lang: string) =>
    (await send<{ plates: number; order: PlateOrder }>('POST', `${order(id)}/events`, { lang, body: told, key })).body,
}
