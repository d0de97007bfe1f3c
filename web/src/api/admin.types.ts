/** Accounts, roles and the security policy, as the server answers them. */

export interface Grant {
  id: string
  role: string
  division_code: string
}

export interface Account {
  id: string
  version: number
  name: string
  display_name: string
  department: string
  /** masked: 138****1234 */
  phone: string
  status: 'active' | 'disabled'
  demo: boolean
  grants: Grant[]
  totp: boolean
  locked_until: string | null
  last_seen_at: string | null
}

export interface AccountPage {
  accounts: Account[]
  next: string | null
}

export interface NewAccount {
  name: string
  display_name: string
  department: string
  phone: string
}

/** A new account with its one-time password; '' when the same request was answered
 *  before. */
export type MadeAccount = Account & { password: string }

export interface AccountChange {
  display_name?: string
  department?: string
  phone?: string
  status?: 'active' | 'disabled'
}

export interface NewGrant {
  role: string
  division_code: string
  reason: string
}

export interface RoleInfo {
  role: string
  zh: string
  en: string
  /** makes sense bounded to a division */
  bounded: boolean
  actions: string[]
}

export type Profile = 'standard' | 'djbh'

export interface Policy {
  profile: Profile
  min_length: number
  need_classes: number
  max_age_days: number
  remember: number
  tries: number
  lock_minutes: number
  idle_minutes: number
  session_hours: number
  totp_roles: string[]
  strict_apart: boolean
  token_days: number
}

export interface PolicyRecord {
  version: number
  policy: Policy
}
