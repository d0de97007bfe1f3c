import { describe, expect, it } from 'vitest'
import type { EstateRow } from '../api/estates.types'
import { filterOf, missingOf, sortValue, tallyOf } from './estateList'

function row(change: Partial<EstateRow> = {}): EstateRow {
  return {
    id: 'a', version: 1, name: '甲', kind: 'new', division_code: '1', households: 100, people: 0, position: null, developer: '', completed_on: null, community_area: 0, elderly_area: 0,
    community_owed: 30, elderly_owed: 20, community_short: 30, elderly_short: null, conclusion: 'not_compliant', failed: 1, unknown: 0, warnings: 0, next_milestone: 'plan_review', passed: [], overdue: 0,
    checked_at: '2026-11-28', ...change,
  }
}

describe('the list of estates', () => {
  it('is asked for as the address says', () => {
    expect(filterOf(new URLSearchParams('q=%20甲 &kind=new&overdue=true&estate=x&by=name&division='))).toEqual({ q: '甲', kind: 'new', overdue: 'true' })
    expect(filterOf(new URLSearchParams())).toEqual({})
  })

  it('knows what lacks, unless nobody does', () => {
    expect(missingOf(row())).toBe(30)
    expect(missingOf(row({ elderly_short: 12.5 }))).toBe(42.5)
    expect(missingOf(row({ community_short: null }))).toBeNull()
  })

  it('sorts by what a column shows', () => {
    const milestones = ['conditions', 'plan_review', 'construction']
    const value = (key: string, change: Partial<EstateRow> = {}) => sortValue(row(change), key, milestones, (code) => `区${code}`)
    expect(value('name')).toBe('甲')
    expect(value('division')).toBe('区1')
    expect(value('households')).toBe(100)
    expect(value('households', { households: 0 })).toBeNull()
    expect(value('missing')).toBe(30)
    expect(value('next')).toBe(1)
    expect(value('next', { next_milestone: null })).toBe(3)
    expect(value('overdue', { overdue: 2 })).toBe(2)
    expect(['not_compliant', 'open', 'compliant'].map((conclusion) => value('conclusion', { conclusion } as Partial<EstateRow>))).toEqual([0, 1, 2])
  })

  it('is counted', () => {
    const rows = [row(), row({ conclusion: 'open', community_short: null, overdue: 1 }), row({ conclusion: 'compliant', community_short: 0, elderly_short: 0 }), row({ elderly_short: 10 })]
    expect(tallyOf(rows)).toEqual({ short: 2, missing: 70, overdue: 1 })
    expect(tallyOf([])).toEqual({ short: 0, missing: 0, overdue: 0 })
  })
})
