import { describe, expect, it } from 'vitest'
import type { CoverageAnswer, DivisionRow } from '../api/types'
import { overlapOf, rowsOf, sortRows, totalsOf } from './rows'

function division(code: string, over: Partial<DivisionRow> & { uncovered?: number; share?: number | null }): DivisionRow {
  const { uncovered = 0, share = null, ...rest } = over
  return {
    code,
    level: 'community',
    parent: 's1',
    name_zh: `名${code}`,
    name_en: '',
    complete: true,
    setting: 'urban',
    bands: [
      { band: '60+', population: 10, covered: 10 - uncovered, uncovered, unsnapped: 0, population_coverage: share },
    ],
    units: 0,
    units_with: 0,
    unit_coverage: null,
    ...rest,
  }
}

const answer = {
  divisions: [
    division('s1', { level: 'subdistrict', parent: '', name_zh: '街' }),
    division('a', { uncovered: 2, share: 0.8 }),
    division('b', { uncovered: 7, share: 0.3 }),
    division('c', { uncovered: 2, share: null }),
    division('', { level: 'outside', parent: '', uncovered: 9 }),
  ],
} as unknown as CoverageAnswer

describe('rows of a level', () => {
  it('have the parent, the English name and the people outside', () => {
    const rows = rowsOf(answer, 'community', '60+')
    expect(rows.map((r) => r.code)).toEqual(['a', 'b', 'c', ''])
    expect(rows[3]).toMatchObject({ parentZh: '', uncovered: 9 })
    expect(rows[0]).toMatchObject({ parentZh: '街', parentEn: '街', nameEn: '名a', uncovered: 2 })
  })

  it('are zero for a band the answer lacks', () => {
    expect(rowsOf(answer, 'community', '80+')[0]?.population).toBe(0)
    expect(totalsOf([], '80+').population_coverage).toBeNull()
  })

  it('sort by unserved people with the outside last and ties by code', () => {
    const rows = rowsOf(answer, 'community', '60+')
    const codes = (key: 'uncovered' | 'share' | 'name', descending: boolean) =>
      sortRows(rows, { key, descending }, 'zh').map((r) => r.code)
    expect(codes('uncovered', true)).toEqual(['b', 'a', 'c', ''])
    expect(codes('uncovered', false)).toEqual(['a', 'c', 'b', ''])
    expect(codes('share', true)).toEqual(['a', 'b', 'c', ''])
    expect(codes('share', false)).toEqual(['b', 'a', 'c', ''])
    expect(codes('name', true)).toEqual(['c', 'b', 'a', ''])
    expect(rows.map((r) => r.code)).toEqual(['a', 'b', 'c', ''])
  })
})

describe('a population by how many cover it', () => {
  const row = { population: 10, covered: 6, uncovered: 3.5, unsnapped: 0.5, one: 4.5, several: 1.5 }

  it('adds up as it is read', () => {
    const parts = overlapOf(row, 'en')
    const sum = ['one', 'several', 'uncovered', 'unsnapped'].reduce((all, key) => all + Number(String(parts?.[key as 'one']).replace('<1', '0')), 0)
    expect(sum).toBe(10)
    expect(parts?.population).toBe('10')
  })

  it('is nothing where that was not counted', () => {
    expect(overlapOf({ ...row, one: null, several: null }, 'zh')).toBeNull()
  })

  it('sorts by score, those without one last', () => {
    const rows = rowsOf(answer, 'community', '60+')
    const score = (code: string): number | null => ({ a: 40, b: 90 })[code] ?? null
    expect(sortRows(rows, { key: 'score', descending: false }, 'zh', score).map((r) => r.code)).toEqual(['a', 'b', 'c', ''])
    expect(sortRows(rows, { key: 'score', descending: true }, 'zh', score).map((r) => r.code)).toEqual(['b', 'a', 'c', ''])
  })
})
