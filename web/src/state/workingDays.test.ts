import { describe, expect, it } from 'vitest'
import { daysOf, linesOf } from './workingDays'

describe('days as they are typed', () => {
  it('reads days and spans in both languages, in order and once', () => {
    expect(daysOf('2026-10-03\n2026-10-01 至 2026-10-03\n2026-12-31 to 2027-01-01')).toEqual({
      days: ['2026-10-01', '2026-10-02', '2026-10-03', '2026-12-31', '2027-01-01'],
      bad: [],
    })
    expect(daysOf('')).toEqual({ days: [], bad: [] })
  })
  it('names what it does not understand', () => {
    expect(daysOf('soon\n2026-02-30\n2026-10-07 至 2026-10-01\n2026-01-01 至 2026-12-31').bad).toEqual(['soon', '2026-02-30', '2026-10-07 至 2026-10-01', '2026-01-01 至 2026-12-31'])
  })
  it('gives back what it read', () => {
    const days = ['2026-01-01', '2026-01-02', '2026-01-03', '2026-02-28', '2026-03-01', '2026-06-19']
    expect(linesOf(days, '至')).toBe('2026-01-01 至 2026-01-03\n2026-02-28 至 2026-03-01\n2026-06-19')
    expect(daysOf(linesOf(days, '至')).days).toEqual(days)
    expect(linesOf([], '至')).toBe('')
  })
})
