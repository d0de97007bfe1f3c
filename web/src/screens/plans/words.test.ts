import { describe, expect, it } from 'vitest'
import type { Amount, Board, Line } from '../../api/plans.types'
import { amountText, documentOf, figure, grouped, isBlank, say, shown, unitOf, withUnit } from './words'

const amount = (text: string, number: number | null, compare: Amount['compare'] = ''): Amount => ({ text, number, compare })

describe('figures of a plan', () => {
  it('a blank is a dash, and 0 is 0', () => {
    expect(figure(null, 'zh')).toBe('—')
    expect(figure(undefined, 'zh')).toBe('—')
    expect(figure(0, 'zh')).toBe('0')
    expect(withUnit(0, '个', 'zh')).toBe('0\u2009个')
    expect(withUnit(null, '个', 'zh')).toBe('—')
  })

  it('has no decimals for show', () => {
    expect(figure(33.7, 'zh')).toBe('33.7')
    expect(figure(66.666, 'en')).toBe('66.67')
    expect(figure(3893, 'zh')).toBe('3\u2009893')
    expect(figure(3893, 'en')).toBe('3,893')
    expect(figure(50.001, 'zh')).toBe('50')
  })

  it.each([
    [amount('60', 60), '%', '60\u2009%'],
    [amount('100%', 100), '%', '100%'],
    [amount('≥30', 30, '≥'), '㎡', '≥30'],
    [amount('不低于市级标准', null), '元', '不低于市级标准'],
    [amount('—', null), '个', '—'],
    [amount('', null), '个', '—'],
    [amount('11', 11), '', '11'],
  ])('writes %o', (a, unit, want) => {
    expect(amountText(a, unit)).toBe(want)
  })

  it('knows a blank from words', () => {
    expect(isBlank(amount('---', null))).toBe(true)
    expect(isBlank(amount('', null))).toBe(true)
    expect(isBlank(amount('0', 0))).toBe(false)
    expect(isBlank(amount('全面解决', null))).toBe(false)
  })

  it('a count has no unit in English', () => {
    expect(unitOf({ zh: '个' }, 'en')).toBe('')
    expect(unitOf({ zh: '张', en: 'beds' }, 'en')).toBe('beds')
    expect(unitOf({ zh: '元/月' }, 'en')).toBe('元/月')
    expect(unitOf({ zh: '个' }, 'zh')).toBe('个')
  })

  it('falls back to Chinese where there is no English', () => {
    expect(say({ zh: '甲' }, 'en')).toBe('甲')
    expect(say({ zh: '甲', en: 'A' }, 'en')).toBe('A')
    expect(say(undefined, 'zh')).toBe('')
  })

  it('names the document of a source', () => {
    expect(documentOf({ document: 'S', quote: '' }, [{ key: 'S', title: '规划' }])).toBe('《规划》')
    expect(documentOf({ document: '通知', quote: '' }, [])).toBe('通知')
    expect(documentOf({ quote: '' }, [])).toBe('')
  })
})

const line = (id: string, group: string, more: Partial<Line> = {}): Line => ({ indicator: { id, group, kind: '' }, status: 'met', ...more }) as unknown as Line

describe('lines of a board', () => {
  it('stand under their headings, and those under none last', () => {
    const board = { plan: { groups: [{ key: 'a', zh: '甲' }, { key: 'b', zh: '乙' }] } } as unknown as Board
    const lines = [line('1', ''), line('2', 'a'), line('3', 'gone')]
    expect(grouped(board, lines, '其他', 'zh').map((g) => [g.title, g.lines.map((l) => l.indicator.id)])).toEqual([
      ['甲', ['2']],
      ['其他', ['1', '3']],
    ])
  })

  it('are filtered', () => {
    expect(shown(line('1', '', { status: 'near' }), 'behind')).toBe(true)
    expect(shown(line('1', '', { status: 'met' }), 'behind')).toBe(false)
    expect(shown(line('1', '', { status: 'unknown' }), 'unknown')).toBe(true)
    expect(shown(line('1', ''), 'binding')).toBe(false)
    expect(shown(line('1', '', { live: { lacking: 2 } as Line['live'] & object }), 'lacking')).toBe(true)
    expect(shown(line('1', ''), 'lacking')).toBe(false)
    expect(shown(line('1', ''), '')).toBe(true)
  })
})
