import { describe, expect, it } from 'vitest'
import { apart, labelOf, valueOf, versionApart, type Words } from './estateValues'
import { zh } from './zh'

const words: Words = { use: (code) => `用${code}`, element: (code) => `项${code}`, kind: (code) => `类${code}`, place: (code) => `地${code}`, norm: (code) => code }
const read = (fields: Parameters<typeof apart>[0]) =>
  apart(fields).map(({ field, before, after }) => [labelOf(field, zh), valueOf(field, before, words, zh, 'zh'), valueOf(field, after, words, zh, 'zh')])

describe('the history of an estate', () => {
  it('tells the rooms apart', () => {
    const before = [{ id: 'a', name: '甲', area: 100, use: 'x' }, { id: 'b', name: '乙', area: 50, use: 'y' }]
    const after = [{ id: 'a', name: '甲', area: 120.5, use: 'x', lift: true }, { id: 'c', name: '丙', area: 80, use: 'y', building: '3', floor: '1' }]
    expect(read([{ field: 'rooms', before, after }])).toEqual([
      ['甲 · 建筑面积', '100', '120.50'],
      ['甲 · 电梯或坡道', '', '有'],
      ['乙', '用y 50 m²', ''],
      ['丙', '', '用y 3 1 80 m²'],
    ])
  })

  it('tells phases, papers and the hub apart', () => {
    expect(
      read([
        { field: 'phases', before: [{ no: 1, households: 10 }], after: [{ no: 1, households: 20 }, { no: 2 }] },
        { field: 'conditions', before: {}, after: { number: '5号', day: '2026-01-01' } },
        { field: 'hub', before: { area: 1 }, after: { area: 2, functions: ['a'] } },
      ]),
    ).toEqual([
      ['第 1 期 · 户数', '10', '20'],
      ['第 2 期', '', '第 2 期'],
      ['规划条件 · 文号', '', '5号'],
      ['规划条件 · 日期', '', '2026-01-01'],
      ['综合服务体 · 综合服务体建筑面积', '1', '2'],
      ['综合服务体 · 综合服务体的功能', '', '项a'],
    ])
  })

  it('reads the rest in words', () => {
    const version = { version: 1, fields: [{ field: 'kind', after: 'new' }] } as unknown as Parameters<typeof versionApart>[0]
    expect(versionApart(version).fields).toEqual([{ field: 'kind', after: 'new' }])
    const one = (field: string, value: unknown) => valueOf(field, value, words, zh, 'zh')
    expect([one('kind', 'new'), one('division_code', '1'), one('boundary', 'POLYGON ((0 0))'), one('boundary', ''), one('provided', ['a', 'b']), one('households', 1200), one('site_area', 0), one('name', '甲'), one('note', null)]).toEqual([
      '类new', '地1', '已画', '', '项a、项b', '1\u2009200', '', '甲', '',
    ])
    expect(one('parts', [{ use: 'x', area: 5, counts_for: 'n' }])).toBe('用x 5 n')
    expect(labelOf('unheard', zh)).toBe('unheard')
  })
})
