import type { NameCount, NameFilter } from '../api/names.types'

/** The gazetteer as the address bar asks for it. Pure. */

export const nameFilterKeys = ['q', 'class', 'kind', 'state', 'division', 'initial', 'heritage'] as const

/** What of the query narrows the list; what is empty is left out. */
export function nameFilterOf(params: URLSearchParams): NameFilter {
  const out: NameFilter = {}
  for (const key of nameFilterKeys) {
    const value = params.get(key)?.trim()
    if (value) out[key] = value.slice(0, 100)
  }
  return out
}

/** The look of a state's badge: in use, still to be decided, held against, over. */
export function toneOf(state: string): '' | 'good' | 'busy' | 'warn' {
  switch (state) {
    case 'approved':
      return 'good'
    case 'proposed':
    case 'draft':
    case 'reserved':
      return 'busy'
    case 'contested':
    case 'customary':
      return 'warn'
    default:
      return ''
  }
}

const ended = ['lapsed', 'withdrawn', 'rejected', 'retired', 'annulled', 'merged']

/** Whether a record is at its end. */
export const isEnded = (state: string): boolean => ended.includes(state)

/** Whether people and papers use the name now. */
export const inUse = (state: string): boolean => ['approved', 'contested', 'customary'].includes(state)

/** How many records there are by state. */
export function countsOf(counts: readonly NameCount[]): Record<string, number> {
  const out: Record<string, number> = {}
  for (const { state, count } of counts) out[state] = (out[state] ?? 0) + count
  return out
}

/** Records in states together. */
export const together = (counts: Record<string, number>, states: readonly string[] = Object.keys(counts)): number =>
  states.reduce((sum, state) => sum + (counts[state] ?? 0), 0)

/** The records before and after one in the list that is shown. */
export function neighbours(rows: readonly { id: string }[], id: string): { before: string; next: string } {
  const at = rows.findIndex((row) => row.id === id)
  return { before: at < 0 ? '' : (rows[at - 1]?.id ?? ''), next: at < 0 ? '' : (rows[at + 1]?.id ?? '') }
}
