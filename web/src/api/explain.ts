import { coverageParams, type CoverageQuery } from './client'
import type { ExplainedFigure, ExplainedRoute, ExplainedSources, ExplainedUnits } from './explain.types'
import { apiUrl, get, send } from './http'

/** A figure as it is asked for; what is '' is left out. */
export interface FigureParams {
  part: string
  band: string
  division: string
  facility: string
  gap: string
}

/** A plan's steps as they are sent; null asks about how things are. */
export type Plan = Record<string, unknown>[] | null

function said(figure: FigureParams): Record<string, string> {
  return Object.fromEntries(Object.entries(figure).filter(([, value]) => value !== ''))
}

function path(what: string, query: CoverageQuery, more: Record<string, string>): string {
  return `coverage/${what}?${coverageParams(query)}&${new URLSearchParams(more).toString()}`
}

export const explainApi = {
  /** the people behind a figure, from a cursor on */
  points: async (query: CoverageQuery, plan: Plan, figure: FigureParams, page: number, cursor: string, lang: string, signal?: AbortSignal) => {
    const asked = { ...said(figure), ...(cursor ? { cursor } : {}) }
    if (!plan) return get<ExplainedFigure>(path('points', query, { ...asked, page: String(page) }), lang, signal)
    return (await send<ExplainedFigure>('POST', 'coverage/what-if/points', { lang, body: { ...query, ...asked, page, steps: plan }, signal })).body
  },
  units: (query: CoverageQuery, division: string, lang: string, signal?: AbortSignal) =>
    get<ExplainedUnits>(path('units', query, division ? { division } : {}), lang, signal),
  /** the walk of a population point to a facility; '' is the nearest */
  route: async (query: CoverageQuery, plan: Plan, from: string, to: string, lang: string, signal?: AbortSignal) => {
    const asked = { from, ...(to ? { to } : {}) }
    if (!plan) return get<ExplainedRoute>(path('route', query, asked), lang, signal)
    return (await send<ExplainedRoute>('POST', 'coverage/what-if/route', { lang, body: { ...query, ...asked, steps: plan }, signal })).body
  },
  sources: (query: CoverageQuery, lang: string, signal?: AbortSignal) => get<ExplainedSources>(path('sources', query, {}), lang, signal),
  /** where the whole list is as a table */
  table: (query: CoverageQuery, figure: FigureParams, lang: string) => apiUrl(path('points.csv', query, said(figure)), lang),
}
