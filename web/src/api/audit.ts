import { apiUrl, get, queryOf, send } from './http'
import type { AuditFilter, AuditPage, AuditStatus, AuditVerification } from './audit.types'

export const auditApi = {
  list: (filter: AuditFilter & { limit?: number; cursor?: string }, lang: string, signal?: AbortSignal) =>
    get<AuditPage>(`audit${queryOf({ ...filter })}`, lang, signal),
  status: (lang: string, signal?: AbortSignal) => get<AuditStatus>('audit/status', lang, signal),
  verify: async (lang: string) => (await send<AuditVerification>('POST', 'audit/verification', { lang })).body,
  /** where the browser fetches the log itself */
  exportUrl: (from: string, to: string, lang: string) => apiUrl(`audit/export${queryOf({ from, to })}`, lang),
}
