import type { NameFilter, NameRow } from '../api/names.types'
import { area, distance, type Lang } from '../text/format'

/** The gazetteer as the address bar asks for it. Pure. */

export const nameFilterKeys = ['q', 'class', 'kind', 'state', 'division', 'heritage'] as const

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

/** The letter under which a gazetteer has a name: the first of its spelling; '' where nobody
 *  spelt it. */
export function letterOf(row: Pick<NameRow, 'roman'>): string {
  const letter = row.roman.normalize('NFD').charAt(0).toUpperCase()
  return /[A-Z]/.test(letter) ? letter : ''
}

/** What a name measures that its class is told by: a length, else an area; '' unknown. */
export function measureOf(row: Pick<NameRow, 'length_m' | 'site_m2'>, lang: Lang): string {
  if (row.length_m > 0) return distance(row.length_m, lang)
  return row.site_m2 > 0 ? area(row.site_m2, lang) : ''
}
