import { get, idOf, queryOf, send } from './http'
import type { CoverageReport, Job, JobPage, PackFolder, PackLoad } from './jobs.types'

const of = (id: string) => `jobs/${encodeURIComponent(id)}`

export const jobsApi = {
  list: (filter: { state?: string; kind?: string; limit?: number; cursor?: string }, lang: string, signal?: AbortSignal) =>
    get<JobPage>(`jobs${queryOf(filter)}`, lang, signal),
  one: (id: string, lang: string, signal?: AbortSignal) => get<Job>(of(id), lang, signal),
  cancel: async (id: string, key: string, lang: string) => (await send<Job>('POST', `${of(id)}/cancel`, { lang, key })).body,
  /** where an EventSource listens */
  eventsUrl: (id: string) => `/api/v1/${of(id)}/events`,

  startReport: async (report: CoverageReport, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'coverage-reports', { lang, body: report, key })).location),
  reportUrl: (id: string, ending: '' | '.csv') => `/api/v1/coverage-reports/${encodeURIComponent(id)}${ending}`,

  folders: async (lang: string, signal?: AbortSignal) =>
    (await get<{ folders: PackFolder[] }>('pack-loads/folders', lang, signal)).folders,
  loadPack: async (load: PackLoad, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'pack-loads', { lang, body: load, key })).location),
}
