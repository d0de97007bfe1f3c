import { wholeParts, wholePeople, type Lang } from '../text/format'
import type { BandTotals, CoverageAnswer, DivisionRow } from '../api/types'

/** One line of the table of divisions, for one age band. */
export interface Row {
  code: string
  level: string
  parent: string
  nameZh: string
  nameEn: string
  parentZh: string
  parentEn: string
  setting: string
  complete: boolean
  population: number
  covered: number
  uncovered: number
  unsnapped: number
  share: number | null
  /** of the covered, those whom one facility covers and those whom several do; null where
   *  that was not counted */
  one: number | null
  several: number | null
  units: number
  unitsWith: number
  unitShare: number | null
}

export const sortKeys = ['name', 'parent', 'setting', 'population', 'covered', 'uncovered', 'share', 'unsnapped', 'units', 'unitShare', 'one', 'several', 'score'] as const
export type SortKey = (typeof sortKeys)[number]

export interface Sort {
  key: SortKey
  descending: boolean
}

/** Where nothing else is asked, those left behind come first. */
export const rowsSort: Sort = { key: 'uncovered', descending: true }

const nothing: BandTotals = {
  band: '',
  population: 0,
  covered: 0,
  uncovered: 0,
  unsnapped: 0,
  population_coverage: null,
}

/** The totals of one band, zero where the answer does not have it. */
export function totalsOf(bands: BandTotals[], band: string): BandTotals {
  return bands.find((b) => b.band === band) ?? nothing
}

/** A population and its three parts in words that add up as they are read. */
export interface Split {
  population: string
  covered: string
  uncovered: string
  unsnapped: string
}

export function splitOf(totals: Pick<BandTotals, 'population' | 'covered' | 'uncovered' | 'unsnapped'>, lang: Lang): Split {
  const { covered, uncovered, unsnapped, population } = totals
  const [a = 0, b = 0, c = 0] = wholeParts([covered, uncovered, unsnapped])
  return {
    population: wholePeople(a + b + c, population, lang),
    covered: wholePeople(a, covered, lang),
    uncovered: wholePeople(b, uncovered, lang),
    unsnapped: wholePeople(c, unsnapped, lang),
  }
}

/** A population in four parts, by how many facilities cover them, in words that add up as
 *  they are read; null where that was not counted. */
export interface FourParts extends Split {
  one: string
  several: string
}

export function overlapOf(
  totals: Pick<Row, 'population' | 'covered' | 'uncovered' | 'unsnapped' | 'one' | 'several'>,
  lang: Lang,
): FourParts | null {
  const { one, several, uncovered, unsnapped } = totals
  if (one === null || several === null) return null
  const [a = 0, b = 0, c = 0, d = 0] = wholeParts([one, several, uncovered, unsnapped])
  return {
    one: wholePeople(a, one, lang),
    several: wholePeople(b, several, lang),
    covered: wholePeople(a + b, totals.covered, lang),
    uncovered: wholePeople(c, uncovered, lang),
    unsnapped: wholePeople(d, unsnapped, lang),
    population: wholePeople(a + b + c + d, totals.population, lang),
  }
}

function rowOf(division: DivisionRow, parent: DivisionRow | undefined, band: string): Row {
  const totals = totalsOf(division.bands, band)
  return {
    code: division.code,
    level: division.level,
    parent: division.parent,
    nameZh: division.name_zh,
    nameEn: division.name_en || division.name_zh,
    parentZh: parent?.name_zh ?? '',
    parentEn: parent?.name_en || parent?.name_zh || '',
    setting: division.setting,
    complete: division.complete,
    population: totals.population,
    covered: totals.covered,
    uncovered: totals.uncovered,
    unsnapped: totals.unsnapped,
    share: totals.population_coverage,
    one: totals.covered_by_one ?? null,
    several: totals.covered_by_several ?? null,
    units: division.units,
    unitsWith: division.units_with,
    unitShare: division.unit_coverage,
  }
}

/** The rows of one level, with the people outside every division last, unsorted. */
export function rowsOf(answer: CoverageAnswer, level: string, band: string): Row[] {
  const byCode = new Map(answer.divisions.map((d) => [d.code, d]))
  return answer.divisions
    .filter((d) => d.level === level || d.level === 'outside')
    .map((d) => rowOf(d, d.parent === '' ? undefined : byCode.get(d.parent), band))
}

/** Sorts a copy; rows without a value come last either way, equal rows by code, so
 *  that the order never flickers. */
export function sortRows(rows: Row[], sort: Sort, lang: 'zh' | 'en', score: (code: string) => number | null = () => null): Row[] {
  const collator = new Intl.Collator(lang === 'zh' ? 'zh-Hans-CN' : 'en', { numeric: true })
  const text = (row: Row): string | null => {
    if (sort.key === 'name') return lang === 'zh' ? row.nameZh : row.nameEn
    if (sort.key === 'parent') return lang === 'zh' ? row.parentZh : row.parentEn
    return sort.key === 'setting' ? row.setting : null
  }
  const figure = (row: Row): number | null => {
    switch (sort.key) {
      case 'population':
      case 'covered':
      case 'uncovered':
      case 'unsnapped':
      case 'share':
      case 'unitShare':
      case 'one':
      case 'several':
        return row[sort.key]
      case 'score':
        return score(row.code)
      case 'units':
        return row.units === 0 ? null : row.unitsWith
      default:
        return null
    }
  }
  const sign = sort.descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const outside = Number(a.code === '') - Number(b.code === '')
    if (outside !== 0) return outside
    const byText = text(a)
    if (byText !== null) {
      return sign * collator.compare(byText, text(b) ?? '') || a.code.localeCompare(b.code)
    }
    const x = figure(a)
    const y = figure(b)
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a.code.localeCompare(b.code)
    return sign * (x - y) || a.code.localeCompare(b.code)
  })
}
