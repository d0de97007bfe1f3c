import { describe, expect, it } from 'vitest'
import { keyed, linesOf, readNumber, readWhole } from './read'

describe('what people type', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['0', 0],
    ['3\u2009893', 3893],
    ['3,893', 3893],
    ['33.7', 33.7],
    ['−2', -2],
    ['-2', -2],
    ['十', undefined],
    ['1e3', undefined],
    ['12%', undefined],
    ['.', undefined],
  ])('%o is %o', (text, want) => {
    expect(readNumber(text)).toBe(want)
  })

  it('a whole number is one', () => {
    expect(readWhole('')).toBe(0)
    expect(readWhole('2026')).toBe(2026)
    expect(readWhole('1.5')).toBeUndefined()
    expect(readWhole('-1')).toBeUndefined()
  })

  it('reads lines', () => {
    expect(linesOf(' 甲 \n\n乙\n')).toEqual(['甲', '乙'])
  })
})

describe('lines with keys', () => {
  const before = [
    { key: 'a', title: '养老' },
    { key: 'b', title: '救助' },
  ]
  it('keep their keys in any order', () => {
    expect(keyed(['救助', '养老'], before, 'g')).toEqual([
      { key: 'b', title: '救助' },
      { key: 'a', title: '养老' },
    ])
  })
  it('keep them when they are reworded', () => {
    expect(keyed(['养老服务', '救助'], before, 'g')).toEqual([
      { key: 'a', title: '养老服务' },
      { key: 'b', title: '救助' },
    ])
  })
  it('new ones get a key that nobody has', () => {
    expect(keyed(['养老', '救助', '殡葬', '社区'], [...before, { key: 'g1', title: '旧' }], 'g').map((each) => each.key)).toEqual(['a', 'b', 'g1', 'g2'])
  })
})
