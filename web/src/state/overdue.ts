import type { ListedFacility, Steward } from '../api/registry.types'

/** The list of what is to be verified, subdistrict by subdistrict, as people take it with
 *  them. */

export interface Group {
  /** code of the subdistrict; '' for what lies in none */
  code: string
  steward: Steward | null
  rows: ListedFacility[]
}

interface Place {
  code: string
  level: string
}

/** Who looks after a division: the steward of the finest one whose code its begins with. */
export function stewardOf(code: string, stewards: readonly Steward[]): Steward | null {
  const found = stewards.filter((each) => code.startsWith(each.division_code))
  return found.sort((a, b) => b.division_code.length - a.division_code.length)[0] ?? null
}

/** Gathers the records by subdistrict, in the order of codes; those longest not verified
 *  come first, and of those the ones of a street stand together. */
export function grouped(rows: readonly ListedFacility[], divisions: readonly Place[], stewards: readonly Steward[]): Group[] {
  const subdistricts = divisions.filter((d) => d.level === 'subdistrict').map((d) => d.code)
  const groups = new Map<string, ListedFacility[]>()
  for (const row of rows) {
    const code = subdistricts.find((each) => row.division_code.startsWith(each)) ?? ''
    groups.set(code, [...(groups.get(code) ?? []), row])
  }
  return [...groups]
    .sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a < b ? -1 : 1))
    .map(([code, list]) => ({ code, steward: stewardOf(code || (list[0]?.division_code ?? ''), stewards), rows: list.sort(byNeed) }))
}

// Number 9 of a street comes before its number 10.
const byStreet = new Intl.Collator('zh-u-co-pinyin', { numeric: true })

function byNeed(a: ListedFacility, b: ListedFacility): number {
  const x = a.verified_on ?? ''
  const y = b.verified_on ?? ''
  if (x !== y) return x < y ? -1 : 1
  return byStreet.compare(a.address, b.address)
}
