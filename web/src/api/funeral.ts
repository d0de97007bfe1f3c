import type { Balance, BalanceQuery, NewTransfer } from './funeral.types'
import { apiUrl, get, queryOf, send } from './http'

export const funeralApi = {
  balance: (query: BalanceQuery, lang: string, signal?: AbortSignal) => get<Balance>(`funeral/balance${queryOf({ ...query })}`, lang, signal),
  /** the address of the sheet as a file */
  table: (query: BalanceQuery, form: string, lang: string) => apiUrl(`funeral/balance.${form}${queryOf({ ...query, words: lang })}`, lang),
  plan: async (transfer: NewTransfer, key: string, lang: string) => {
    await send<unknown>('POST', 'niche-transfers', { lang, body: transfer, key })
  },
  change: async (id: string, patch: Partial<NewTransfer> & { cancelled?: boolean; reason: string }, version: number, lang: string) => {
    await send<unknown>('PATCH', `niche-transfers/${encodeURIComponent(id)}`, { lang, body: patch, version })
  },
  /** decides what is to become of a place */
  decide: async (id: string, fate: string, version: number, reason: string, lang: string) => {
    await send<unknown>('PATCH', `facilities/${encodeURIComponent(id)}`, { lang, body: { fields: { fate: fate || null }, reason }, version })
  },
}
