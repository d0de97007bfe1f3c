import { get, send } from './http'
import type { Credentials, NewToken, OwnAccount, OwnChange, OwnSession, SessionState, Token, TotpSetup } from './session.types'

export const sessionApi = {
  get: (lang: string) => get<SessionState>('session', lang),
  signIn: async (credentials: Credentials, lang: string) =>
    (await send<SessionState>('POST', 'session', { lang, body: credentials })).body,
  signOut: (lang: string) => send<void>('DELETE', 'session', { lang }),
}

export const ownApi = {
  get: (lang: string, signal?: AbortSignal) => get<OwnAccount>('account', lang, signal),
  change: async (change: OwnChange, version: number, lang: string) =>
    (await send<OwnAccount>('PATCH', 'account', { lang, body: change, version })).body,
  changePassword: (before: string, after: string, lang: string) =>
    send<void>('POST', 'account/password', { lang, body: { old: before, new: after } }),

  setUpTotp: async (lang: string) => (await send<TotpSetup>('POST', 'account/totp', { lang })).body,
  confirmTotp: async (code: string, lang: string) =>
    (await send<{ recovery_codes: string[] }>('POST', 'account/totp/confirm', { lang, body: { code } })).body.recovery_codes,
  removeTotp: (password: string, lang: string) => send<void>('DELETE', 'account/totp', { lang, body: { password } }),

  sessions: async (lang: string, signal?: AbortSignal) =>
    (await get<{ sessions: OwnSession[] }>('account/sessions', lang, signal)).sessions,
  endSession: (id: string, lang: string) => send<void>('DELETE', `account/sessions/${encodeURIComponent(id)}`, { lang }),

  tokens: async (lang: string, signal?: AbortSignal) =>
    (await get<{ tokens: Token[] }>('account/tokens', lang, signal)).tokens,
  makeToken: async (token: { name: string; actions: string[]; days: number }, key: string, lang: string) =>
    (await send<NewToken>('POST', 'account/tokens', { lang, body: token, key })).body,
  revokeToken: (id: string, lang: string) => send<void>('DELETE', `account/tokens/${encodeURIComponent(id)}`, { lang }),
}
