import type { Answers, Campaign, FormTemplate, NewCampaign, Problem, ProblemStep, Score, Task, TaskWithForm } from './campaigns.types'
import { get, idOf, queryOf, send } from './http'

const of = (kind: string, id: string) => `${kind}/${encodeURIComponent(id)}`

export const campaignsApi = {
  forms: async (lang: string, signal?: AbortSignal) => (await get<{ forms: FormTemplate[] }>('campaign-forms', lang, signal)).forms,
  list: async (lang: string, signal?: AbortSignal) => (await get<{ campaigns: Campaign[] }>('campaigns', lang, signal)).campaigns,
  one: (id: string, lang: string, signal?: AbortSignal) => get<Campaign>(of('campaigns', id), lang, signal),
  /** gives the id of the new draft */
  draft: async (campaign: NewCampaign, key: string, lang: string) =>
    idOf((await send<unknown>('POST', 'campaigns', { lang, body: campaign, key })).location),
  change: async (id: string, patch: Partial<NewCampaign> & { reason: string }, version: number, lang: string) => {
    await send<unknown>('PATCH', of('campaigns', id), { lang, body: patch, version })
  },
  add: async (id: string, pick: { types?: string[]; division_code?: string; ids?: string[]; reason: string }, key: string, lang: string) =>
    (await send<{ added: number }>('POST', `${of('campaigns', id)}/facilities`, { lang, body: pick, key })).body.added,
  remove: async (id: string, task: string, reason: string, lang: string) => {
    await send<unknown>('DELETE', `${of('campaigns', id)}/facilities/${encodeURIComponent(task)}${queryOf({ reason })}`, { lang })
  },
  step: async (id: string, step: 'send' | 'close', version: number, reason: string, lang: string) => {
    await send<unknown>('POST', `${of('campaigns', id)}/${step}`, { lang, body: { reason }, version })
  },
  tasks: async (filter: { campaign?: string; facility?: string; division?: string; state?: string; mine?: boolean }, lang: string, signal?: AbortSignal) =>
    (await get<{ tasks: Task[] }>(`campaign-tasks${queryOf({ ...filter, mine: filter.mine ? 'true' : '' })}`, lang, signal)).tasks,
  task: (id: string, lang: string, signal?: AbortSignal) => get<TaskWithForm>(of('campaign-tasks', id), lang, signal),
  answer: async (id: string, body: { answers: Answers; note: string; visited_on: string; final: boolean }, version: number, lang: string) =>
    (await send<Task>('PUT', `${of('campaign-tasks', id)}/answers`, { lang, body, version })).body,
  accept: async (id: string, version: number, lang: string) => {
    await send<unknown>('POST', `${of('campaign-tasks', id)}/accept`, { lang, version })
  },
  sendBack: async (id: string, version: number, reason: string, lang: string) => {
    await send<unknown>('POST', `${of('campaign-tasks', id)}/send-back`, { lang, body: { reason }, version })
  },
  problems: async (filter: { campaign?: string; facility?: string; division?: string; state?: string; overdue?: boolean }, lang: string, signal?: AbortSignal) =>
    (await get<{ problems: Problem[] }>(`facility-problems${queryOf({ ...filter, overdue: filter.overdue ? 'true' : '' })}`, lang, signal)).problems,
  take: async (id: string, body: { step: ProblemStep; on: string; due_on?: string; note?: string }, version: number, lang: string) => {
    await send<unknown>('POST', `${of('facility-problems', id)}/steps`, { lang, body, version })
  },
  scores: async (year: number, lang: string, signal?: AbortSignal) => (await get<{ scores: Score[] }>(`campaign-scores?year=${year}`, lang, signal)).scores,
}
