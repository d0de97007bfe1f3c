import type { Duties, DutyPlan, EstatesOverdue, EstateSteps, MarkWords, NewCorrection, NewHandover, NewOpinion, NewRequest } from './estateSteps.types'
import { get, queryOf, send } from './http'

const of = (id: string) => `estates/${encodeURIComponent(id)}`

export const estateStepsApi = {
  steps: (id: string, lang: string, signal?: AbortSignal) => get<EstateSteps>(`${of(id)}/steps`, lang, signal),
  ask: async (id: string, request: NewRequest, key: string, lang: string) =>
    (await send<EstateSteps>('POST', `${of(id)}/steps/requests`, { lang, body: request, key })).body,
  answer: async (id: string, opinion: NewOpinion, key: string, lang: string) =>
    (await send<EstateSteps>('POST', `${of(id)}/steps/opinions`, { lang, body: opinion, key })).body,
  correct: async (id: string, correction: NewCorrection, key: string, lang: string) =>
    (await send<EstateSteps>('POST', `${of(id)}/steps/corrections`, { lang, body: correction, key })).body,
  mark: async (id: string, mark: MarkWords & { opinion: string }, key: string, lang: string) =>
    (await send<EstateSteps>('POST', `${of(id)}/steps/conditions`, { lang, body: mark, key })).body,
  handOver: async (id: string, handover: NewHandover, key: string, lang: string) =>
    (await send<{ taken: string[]; already: number }>('POST', `${of(id)}/handover`, { lang, body: handover, key })).body,
  duties: (lang: string, signal?: AbortSignal) => get<Duties>('estate-duties', lang, signal),
  setDuties: async (plan: DutyPlan & { reason: string }, version: number, lang: string) =>
    (await send<Duties>('PUT', 'estate-duties', { lang, body: plan, version })).body,
  overdue: (division: string, lang: string, signal?: AbortSignal) => get<EstatesOverdue>(`estates-overdue${queryOf({ division })}`, lang, signal),
}
