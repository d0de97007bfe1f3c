import { describe, expect, it } from 'vitest'
import { clockText, exactText, isDay, momentText, today } from './time'

describe('moments', () => {
  it('are said by the clock of China', () => {
    expect(momentText('2026-11-22T18:05:09Z')).toBe('2026-11-23 02:05')
    expect(exactText('2026-11-22T18:05:09.123Z')).toBe('2026-11-23 02:05:09')
    expect(momentText('2026-11-23T02:05:09+08:00')).toBe('2026-11-23 02:05')
    expect(clockText(new Date('2026-11-22T16:00:00Z'))).toBe('00:00')
  })

  it('are a dash where there is none', () => {
    for (const none of [null, undefined, '', 'yesterday']) expect(momentText(none)).toBe('–')
  })
})

describe('days', () => {
  it('begin at midnight in China', () => {
    expect(today(new Date('2026-11-22T15:59:59Z'))).toBe('2026-11-22')
    expect(today(new Date('2026-11-22T16:00:00Z'))).toBe('2026-11-23')
  })

  it.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['2028-02-29', true],
    ['2026-13-01', false],
    ['2026-1-1', false],
    ['', false],
  ])('%s is a day: %s', (text, want) => {
    expect(isDay(text)).toBe(want)
  })
})
