import { apiUrl, get, idOf, queryOf, send } from './http'
import type {
  Board, Explanation, Formulas, Indicator, IndicatorWrite, NewPlan, Plan, PlanBody, PlanSummary, ProjectBody, ReviewKind, Sealed, Template, TemplateSummary, ValueWrite,
} from './plans.types'
import type { Version } from './records.types'

const of = (id: string) => `plans/${encodeURIComponent(id)}`
const inPlan = (plan: string, kind: string, id: string) => `${of(plan)}/${kind}/${encodeURIComponent(id)}`

/** A row of a plan is made with a key, and changed or taken away with the version seen. */
async function write(method: 'POST' | 'PUT', path: string, body: unknown, version: number, key: string, lang: string): Promise<void> {
  await send<unknown>(method, path, method === 'POST' ? { lang, body, key } : { lang, body, version })
}

export const plansApi = {
  templates: async (lang: string, signal?: AbortSignal) => (await get<{ templates: TemplateSummary[] }>('plan-templates', lang, signal)).templates,
  template: (key: string, lang: string, signal?: AbortSignal) => get<Template>(`plan-templates/${encodeURIComponent(key)}`, lang, signal),
  formulas: (lang: string, signal?: AbortSignal) => get<Formulas>('plan-formulas', lang, signal),
  list: async (lang: string, signal?: AbortSignal) => (await get<{ plans: PlanSummary[] }>('plans', lang, signal)).plans,
  board: (id: string, year: string, lang: string, signal?: AbortSignal) => get<Board>(`${of(id)}/board${queryOf({ year })}`, lang, signal),
  review: (id: string, kind: ReviewKind, year: string, lang: string, signal?: AbortSignal) =>
    get<Board>(`${of(id)}/review${queryOf({ kind, year })}`, lang, signal),
  explain: (id: string, indicator: string, year: string, lang: string, signal?: AbortSignal) =>
    get<Explanation>(`${inPlan(id, 'indicators', indicator)}/explanation${queryOf({ year })}`, lang, signal),
  history: async (plan: string, value: string, lang: string, signal?: AbortSignal) =>
    (await get<{ versions: Version[] }>(`${inPlan(plan, 'values', value)}/history`, lang, signal)).versions,
  /** the address of a board or a review as a file */
  file: (id: string, format: 'csv' | 'pdf' | 'xlsx', kind: string, year: number, lang: string) =>
    apiUrl(`${of(id)}/review.${format}${queryOf({ kind, year, words: lang })}`, lang),

  /** gives the id of the new plan */
  make: async (plan: NewPlan, key: string, lang: string) => idOf((await send<Plan>('POST', 'plans', { lang, body: plan, key })).location),
  change: async (id: string, plan: PlanBody & { reason: string }, version: number, lang: string) => {
    await send<Plan>('PUT', of(id), { lang, body: plan, version })
  },
  remove: async (id: string, version: number, reason: string, lang: string) => {
    await send<unknown>('DELETE', of(id) + queryOf({ reason }), { lang, version })
  },
  seal: async (id: string, year: number, again: boolean, reason: string, key: string, lang: string) =>
    (await send<Sealed>('POST', `${of(id)}/seals`, { lang, body: { year, again, reason }, key })).body,

  saveIndicator: (plan: string, i: Indicator | null, body: IndicatorWrite, key: string, lang: string) =>
    write(i ? 'PUT' : 'POST', i ? inPlan(plan, 'indicators', i.id) : `${of(plan)}/indicators`, body, i?.version ?? 0, key, lang),
  saveProject: (plan: string, was: { id: string; version: number } | null, body: ProjectBody & { reason: string }, key: string, lang: string) =>
    write(was ? 'PUT' : 'POST', was ? inPlan(plan, 'projects', was.id) : `${of(plan)}/projects`, body, was?.version ?? 0, key, lang),
  saveValue: (plan: string, was: { id: string; version: number } | null, of_: { indicator: string; year: number }, body: ValueWrite, key: string, lang: string) =>
    write(was ? 'PUT' : 'POST', was ? inPlan(plan, 'values', was.id) : `${of(plan)}/values`, was ? body : { ...of_, ...body }, was?.version ?? 0, key, lang),
  removeRow: async (plan: string, kind: 'indicators' | 'values' | 'projects', row: { id: string; version: number }, reason: string, lang: string) => {
    await send<unknown>('DELETE', inPlan(plan, kind, row.id) + queryOf({ reason }), { lang, version: row.version })
  },
}
