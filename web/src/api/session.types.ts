/** Session and own account, as the server answers them. */

/** A role in a division and below it; '' is everywhere. */
export interface SessionGrant {
  role: string
  division_code: string
}

/** What an account must do before anything else. */
export type Duty = '' | 'change_password' | 'set_up_totp'

/** What the policy asks of a new password. */
export interface PasswordRules {
  min_length: number
  need_classes: number
}

export interface SessionAccount {
  id: string
  name: string
  display_name: string
  department: string
  grants: SessionGrant[]
  /** what it may do somewhere */
  actions: string[]
  method: string
  demo: boolean
  must: Duty
  totp: boolean
  password_expires_at: string | null
  /** absent from a server that does not tell; it then says afterwards what is wanting */
  password_rules?: PasswordRules
  last_login: { at: string; from: string } | null
}

export interface DemoAccount {
  name: string
  display_name: string
  role: string
  role_zh: string
  role_en: string
  password: string
}

/** Another place to sign in at. */
export interface Provider {
  name_zh: string
  name_en: string
  url: string
}

export interface SessionState {
  account: SessionAccount | null
  oidc: Provider | null
  demo_accounts: DemoAccount[]
}

export interface Credentials {
  name: string
  password: string
  /** one-time or recovery code */
  code?: string
}

export interface OwnAccount {
  id: string
  version: number
  name: string
  display_name: string
  department: string
  phone: string
  totp: boolean
  grants: SessionGrant[]
}

export interface OwnChange {
  display_name?: string
  department?: string
  phone?: string
}

export interface TotpSetup {
  secret: string
  uri: string
  qr_svg: string
}

export interface OwnSession {
  id: string
  from: string
  agent: string
  created_at: string
  last_seen_at: string
  current: boolean
}

export interface Token {
  id: string
  name: string
  actions: string[]
  created_at: string
  expires_at: string
  last_used_at: string | null
  revoked_at: string | null
}

/** The only answer that has the token itself. */
export type NewToken = Token & { token: string }
