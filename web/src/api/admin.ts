import { get, queryOf, send } from './http'
import type { Account, AccountChange, AccountPage, Grant, MadeAccount, NewAccount, NewGrant, Policy, PolicyRecord, RoleInfo } from './admin.types'

const of = (id: string) => `accounts/${encodeURIComponent(id)}`

export const adminApi = {
  roles: async (lang: string, signal?: AbortSignal) => (await get<{ roles: RoleInfo[] }>('roles', lang, signal)).roles,

  accounts: (filter: { q?: string; cursor?: string; limit?: number }, lang: string, signal?: AbortSignal) =>
    get<AccountPage>(`accounts${queryOf(filter)}`, lang, signal),
  account: (id: string, lang: string, signal?: AbortSignal) => get<Account>(of(id), lang, signal),
  make: async (account: NewAccount, key: string, lang: string) =>
    (await send<MadeAccount>('POST', 'accounts', { lang, body: account, key })).body,
  change: async (id: string, change: AccountChange, version: number, lang: string) =>
    (await send<Account>('PATCH', of(id), { lang, body: change, version })).body,
  resetPassword: async (id: string, reason: string, key: string, lang: string) =>
    (await send<{ password: string }>('POST', `${of(id)}/password-reset`, { lang, body: { reason }, key })).body.password,
  unlock: (id: string, reason: string, key: string, lang: string) =>
    send<unknown>('POST', `${of(id)}/unlock`, { lang, body: { reason }, key }),
  reveal: async (id: string, reason: string, key: string, lang: string) =>
    (await send<{ phone: string }>('POST', `${of(id)}/reveal`, { lang, body: { reason }, key })).body.phone,

  grant: async (id: string, grant: NewGrant, key: string, lang: string) =>
    (await send<Grant>('POST', `${of(id)}/grants`, { lang, body: grant, key })).body,
  takeAway: (id: string, grant: string, reason: string, lang: string) =>
    send<void>('DELETE', `${of(id)}/grants/${encodeURIComponent(grant)}${queryOf({ reason })}`, { lang }),

  policy: (lang: string, signal?: AbortSignal) => get<PolicyRecord>('security-policy', lang, signal),
  setPolicy: async (policy: Policy, reason: string, version: number, lang: string) =>
    (await send<PolicyRecord>('PUT', 'security-policy', { lang, body: { policy, reason }, version })).body,
}
