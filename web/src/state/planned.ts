import type { PlannedName } from '../api/names.types'

/** The names that a plan reserves, as they are listed. Pure. */

export type PlannedState = 'free' | 'taken' | 'lapsed'

/** Whether a name may still be taken on a day. */
export function plannedState(name: Pick<PlannedName, 'taken_by' | 'until'>, day: string): PlannedState {
  if (name.taken_by !== '') return 'taken'
  return name.until !== '' && name.until < day ? 'lapsed' : 'free'
}

export const plannedKeys = ['q', 'plan', 'kind', 'division', 'status'] as const
export type PlannedFilter = Partial<Record<(typeof plannedKeys)[number], string>>

export function plannedFilterOf(params: URLSearchParams): PlannedFilter {
  const out: PlannedFilter = {}
  for (const key of plannedKeys) {
    const value = params.get(key)?.trim()
    if (value) out[key] = value.slice(0, 400)
  }
  return out
}

/** The names that a filter lets through, whatever their state. */
export function plannedFound(all: readonly PlannedName[], filter: PlannedFilter): PlannedName[] {
  return all.filter(
    (name) =>
      (!filter.q || name.text.includes(filter.q)) &&
      (!filter.plan || name.plan === filter.plan) &&
      (!filter.kind || name.kind === filter.kind) &&
      (!filter.division || name.division.startsWith(filter.division)),
  )
}

/** The titles of the plans there are, each once. */
export const plansOf = (all: readonly PlannedName[]): string[] => [...new Set(all.map((name) => name.plan))].sort()
