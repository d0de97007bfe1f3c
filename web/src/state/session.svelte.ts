import { gate } from '../api/http'
import { sessionApi } from '../api/session'
import { ApiError } from '../api/http'
import type { Credentials, DemoAccount, Provider, SessionAccount, SessionState } from '../api/session.types'

/** Who uses this page and what they may do. */
class Session {
  /** the server has said who asks, be it nobody */
  known = $state(false)
  account = $state.raw<SessionAccount | null>(null)
  oidc = $state.raw<Provider | null>(null)
  demoAccounts = $state.raw<DemoAccount[]>([])
  /** the server does not know us any more, while the screen still shows our work */
  ended = $state(false)
  /** without a signal the device says who works with it; the server was not asked yet */
  away = $state(false)
  /** why linking an identity did not come about, as the way back says */
  oidcError = $state('')
  /** grows when somebody signed in again: what failed meanwhile is asked anew */
  turn = $state(0)

  readonly must = $derived(this.account?.must ?? '')
  /** signed in with nothing else to do first */
  readonly free = $derived(this.account !== null && this.must === '')
  private readonly actions = $derived(new Set(this.account?.actions ?? []))

  constructor() {
    gate.signInRequired = () => this.lost()
  }

  private lost(): void {
    if (this.account) this.ended = true
  }

  /** Whether the account may do an action somewhere, or with a division whether it may
   *  there, as far as its grants tell; the server decides. */
  may(action: string, division = ''): boolean {
    if (!this.actions.has(action)) return false
    return division === '' || (this.account?.grants ?? []).some((grant) => division.startsWith(grant.division_code))
  }

  /** Asks the server who we are. On a screen of the field the device answers where there is no
   *  signal, for somebody whom it knows. */
  async load(lang: string, field = false): Promise<void> {
    try {
      this.take(await sessionApi.get(lang))
    } catch (error) {
      const known = field && error instanceof ApiError && error.status === 0 ? await remembered() : null
      if (!known) throw error
      this.take({ account: known, oidc: null, demo_accounts: [] })
      this.away = true
    }
  }

  /** Asks the server after all, when there is a signal. Whoever is not signed in any more signs in
   *  over the page; somebody else begins anew. */
  async back(lang: string): Promise<void> {
    const before = this.account?.id
    const state = await sessionApi.get(lang)
    this.away = false
    if (state.account === null) this.lost()
    else if (before !== undefined && state.account.id !== before) location.reload()
    else this.take(state)
    this.turn += 1
  }

  /** Looks whether the session still stands, after something else than a request of
   *  ours was refused. */
  async check(lang: string): Promise<void> {
    if (this.ended || !this.account) return
    const state = await sessionApi.get(lang)
    if (state.account === null) this.lost()
  }

  /** Signs in. After a session that ended the screen stays as it was, unless it is
   *  somebody else's. */
  async signIn(credentials: Credentials, lang: string): Promise<void> {
    const before = this.ended ? this.account?.id : undefined
    const state = await sessionApi.signIn(credentials, lang)
    if (before !== undefined && state.account?.id !== before) {
      location.reload()
      return
    }
    this.take(state)
    this.turn += 1
  }

  /** Ends the session, and forgets everything by loading the page anew. */
  async signOut(lang: string, afterwards?: () => Promise<void>): Promise<void> {
    await sessionApi.signOut(lang)
    await afterwards?.()
    location.assign(`/login?lang=${lang}`)
  }

  private take(state: SessionState): void {
    this.account = state.account
    this.oidc = state.oidc
    this.demoAccounts = state.demo_accounts
    this.ended = false
    this.known = true
  }
}

/** Who worked last with the field screens of this device, within a week. */
async function remembered(): Promise<SessionAccount | null> {
  const WEEK_MS = 7 * 24 * 3600 * 1000
  try {
    const { BrowserShelf } = await import('./offlineShelf')
    const kept = (await new BrowserShelf().one('', 'account', 'last')) as { account: SessionAccount; at: number } | undefined
    return kept && Date.now() - kept.at < WEEK_MS ? kept.account : null
  } catch {
    return null
  }
}

export const session = new Session()
