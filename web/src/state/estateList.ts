import type { EstateFilter, EstateRow } from '../api/estates.types'

/** The list of estates as the address bar asks for it. Pure. */

export const filterKeys = ['q', 'division', 'kind', 'conclusion', 'milestone', 'overdue', 'short'] as const

/** What of the query narrows the list; what is empty or unknown is left out. */
export function filterOf(params: URLSearchParams): EstateFilter {
  const out: EstateFilter = {}
  for (const key of filterKeys) {
    const value = params.get(key)?.trim()
    if (value) out[key] = value.slice(0, 100)
  }
  return out
}

export const sortKeys = ['name', 'division', 'households', 'conclusion', 'missing', 'next', 'overdue'] as const
export type SortKey = (typeof sortKeys)[number]

// What needs somebody comes first.
const urgency: Record<string, number> = { not_compliant: 0, open: 1, compliant: 2 }

/** All that is lacking, in square metres; null where nobody can tell. */
export function missingOf(row: EstateRow): number | null {
  const { community_short: community, elderly_short: elderly } = row
  return community === null && elderly === null ? null : (community ?? 0) + (elderly ?? 0)
}

/** What a column sorts by; `milestones` are all, in their order. */
export function sortValue(row: EstateRow, key: string, milestones: readonly string[], place: (code: string) => string): string | number | null {
  switch (key as SortKey) {
    case 'division':
      return place(row.division_code)
    case 'households':
      return row.households || null
    case 'conclusion':
      return urgency[row.conclusion] ?? 3
    case 'missing':
      return missingOf(row)
    case 'next':
      return row.next_milestone === null ? milestones.length : milestones.indexOf(row.next_milestone)
    case 'overdue':
      return row.overdue
    default:
      return row.name
  }
}

/** What estates lack together, and how many have something overdue. */
export interface Tally {
  short: number
  missing: number
  overdue: number
}

export function tallyOf(rows: readonly EstateRow[]): Tally {
  const tally: Tally = { short: 0, missing: 0, overdue: 0 }
  for (const row of rows) {
    const missing = missingOf(row) ?? 0
    if (missing > 0) tally.short += 1
    tally.missing += missing
    if (row.overdue > 0) tally.overdue += 1
  }
  return tally
}
