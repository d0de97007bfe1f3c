import { get, idOf, queryOf, send } from './http'
import type {
  AreaList,
  BulkChange,
  BulkPatch,
  BulkResult,
  FacilityCounts,
  FacilityList,
  ListQuery,
  Proposal,
  ProposalBeside,
  ProposalList,
  Seen,
  ServiceArea,
  Steward,
} from './registry.types'
import type { Facility } from './types'

const of = (id: string) => `facilities/${encodeURIComponent(id)}`
const proposal = (id: string) => `facility-proposals/${encodeURIComponent(id)}`

/** What a write of a record goes with: its key, and the version that was seen. */
interface Write {
  key: string
  version: number
  lang: string
}

export const registryApi = {
  list: (query: ListQuery & { sort?: string; limit?: number; cursor?: string; count?: string }, lang: string, signal?: AbortSignal) =>
    get<FacilityList>(`facilities${queryOf({ ...query })}`, lang, signal),
  counts: (query: ListQuery, lang: string, signal?: AbortSignal) => get<FacilityCounts>(`facilities/counts${queryOf({ ...query })}`, lang, signal),

  verify: async (id: string, body: { day?: string; note?: string }, { key, version, lang }: Write) =>
    (await send<Facility>('POST', `${of(id)}/verify`, { lang, key, version, body })).body,
  merge: async (id: string, body: { into: string; into_version: number; take: string[]; reason: string }, { key, version, lang }: Write) =>
    (await send<Facility>('POST', `${of(id)}/merge`, { lang, key, version, body })).body,
  unmerge: async (id: string, reason: string, { key, version, lang }: Write) =>
    (await send<Facility>('POST', `${of(id)}/unmerge`, { lang, key, version, body: { reason } })).body,
  split: async (id: string, body: { parts: BulkPatch[]; reason: string }, { key, version, lang }: Write) =>
    (await send<{ facilities: Facility[] }>('POST', `${of(id)}/split`, { lang, key, version, body })).body.facilities,

  bulk: async (body: BulkChange, key: string, lang: string) => (await send<BulkResult>('POST', 'facilities/bulk', { lang, key, body })).body,
  undoBulk: async (change: string, reason: string, key: string, lang: string) =>
    (await send<BulkResult>('POST', `facilities/bulk/${encodeURIComponent(change)}/undo`, { lang, key, body: { reason } })).body,

  areas: (division: string, lang: string, signal?: AbortSignal) => get<AreaList>(`service-areas${queryOf({ division })}`, lang, signal),
  createArea: async (
    body: { name_zh: string; name_en: string; division_code: string; communities: string[]; reason: string },
    key: string,
    lang: string,
  ) => (await send<ServiceArea>('POST', 'service-areas', { lang, key, body })).body,
  changeArea: async (
    area: ServiceArea,
    body: { name_zh?: string; name_en?: string; communities?: string[]; closed?: boolean; reason: string },
    lang: string,
  ) => (await send<ServiceArea>('PATCH', `service-areas/${area.id}`, { lang, version: area.version, body })).body,

  stewards: async (lang: string, signal?: AbortSignal) => (await get<{ stewards: Steward[] }>('stewards', lang, signal)).stewards,
  createSteward: async (body: Omit<Steward, 'id' | 'version'> & { reason: string }, key: string, lang: string) =>
    (await send<Steward>('POST', 'stewards', { lang, key, body })).body,
  changeSteward: async (
    steward: Steward,
    body: { office?: string; post?: string; phone?: string; verify_days?: number; reason: string },
    lang: string,
  ) => (await send<Steward>('PATCH', `stewards/${steward.id}`, { lang, version: steward.version, body })).body,

  proposals: (query: { state?: string; facility?: string; mine?: string; limit?: number; cursor?: string }, lang: string, signal?: AbortSignal) =>
    get<ProposalList>(`facility-proposals${queryOf(query)}`, lang, signal),
  proposal: (id: string, lang: string, signal?: AbortSignal) => get<ProposalBeside>(proposal(id), lang, signal),
  propose: async (seen: Seen | null, patch: BulkPatch, reason: string, key: string, lang: string) => {
    const body = { ...(seen ? { facility_id: seen.id, base_version: seen.version } : {}), patch, reason }
    return idOf((await send<Proposal>('POST', 'facility-proposals', { lang, key, body })).location)
  },
  accept: async (p: Proposal, body: { keep: string[]; take: string[]; reason: string }, key: string, lang: string) =>
    (await send<Proposal>('POST', `${proposal(p.id)}/accept`, { lang, key, version: p.version, body })).body,
  reject: async (p: Proposal, reason: string, key: string, lang: string) =>
    (await send<Proposal>('POST', `${proposal(p.id)}/reject`, { lang, key, version: p.version, body: { reason } })).body,
  withdraw: async (p: Proposal, reason: string, key: string, lang: string) =>
    (await send<Proposal>('POST', `${proposal(p.id)}/withdraw`, { lang, key, version: p.version, body: { reason } })).body,
}
