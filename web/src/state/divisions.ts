import type { CoverageAnswer, DivisionRow } from '../api/types'

/** The divisions below the district in the order of their tree: each subdistrict, then
 *  its communities. */
export function divisionsOf(answer: CoverageAnswer | null): DivisionRow[] {
  const levels = new Set(['subdistrict', 'community', 'grid'])
  return (answer?.divisions ?? [])
    .filter((d) => levels.has(d.level))
    .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))
}
