/** The audit log, as the server answers it. */

/** One thing that a write did. */
export interface AuditNote {
  action?: string
  kind?: string
  id?: string
  division?: string
  before?: unknown
  after?: unknown
}

export interface AuditEntry {
  id: string
  at: string
  who: string
  /** '' for the system itself */
  account_id: string
  why: string
  from: string
  action: string
  outcome: string
  kind: string
  subject_id: string
  division_code: string
  trace_id: string
  /** number of the sealed block it is in; 0 until it is sealed */
  block: number
  detail: { notes?: AuditNote[] } & Record<string, unknown>
}

export interface AuditPage {
  entries: AuditEntry[]
  next: string | null
}

export interface AuditFilter {
  from?: string
  to?: string
  who?: string
  action?: string
  outcome?: string
  kind?: string
  id?: string
  q?: string
}

export interface AuditStatus {
  blocks: number
  sealed_entries: number
  unsealed_entries: number
  oldest_unsealed_at: string | null
  head: { number: number; hash: string; sealed_at: string; key_id: string } | null
  /** hexadecimal Ed25519 key, for verifying an export elsewhere */
  public_key: string
  last_verification: { at: string; ok: boolean; text_zh: string; text_en: string } | null
}

export interface AuditVerification {
  ok: boolean
  blocks: number
  entries: number
  fault: { block: number; zh: string; en: string } | null
}
