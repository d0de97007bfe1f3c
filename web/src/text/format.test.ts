import { describe, expect, it } from 'vitest'
import { area, distance, duration, leadingPeople, number, people, position, share, wholeParts, wholePeople } from './format'

const words = { minutes: (n: number) => `${n}m`, seconds: (n: number) => `${n}s` }

describe('parts of a population', () => {
  it.each([
    [[1.4, 0, 1.4], [2, 0, 1]],
    [[0, 3762.4, 22.4], [0, 3763, 22]],
    [[0.3, 0, 0], [0, 0, 0]],
    [[100, 20, 3], [100, 20, 3]],
    [[], []],
  ])('%j add up to the rounded whole', (parts, want) => {
    expect(wholeParts(parts)).toEqual(want)
    const sum = parts.reduce((a, b) => a + b, 0)
    expect(want.reduce((a, b) => a + b, 0)).toBe(Math.round(sum))
  })

  it('never show a part of a person as nobody', () => {
    expect(wholePeople(0, 0.3, 'zh')).toBe('<1')
    expect(wholePeople(0, 0, 'zh')).toBe('0')
    expect(wholePeople(1234, 1234.4, 'en')).toBe('1,234')
  })
})

describe('numbers', () => {
  it('groups with a thin space in Chinese and a comma in English', () => {
    expect(number(1_234_567, 'zh')).toBe('1\u2009234\u2009567')
    expect(number(1_234_567.25, 'en', 1)).toBe('1,234,567.3')
    expect(number(999, 'en')).toBe('999')
    expect(number(-1200, 'en')).toBe('−1,200')
    expect(number(-0.2, 'en')).toBe('0')
    expect(number(Number.NaN, 'zh')).toBe('–')
  })

  it('never shows a part of a person as nobody', () => {
    expect(people(0, 'zh')).toBe('0')
    expect(people(0.0001, 'zh')).toBe('<1')
    expect(people(0.5, 'zh')).toBe('1')
  })

  it('leads with 万 only in Chinese and only from ten thousand', () => {
    expect(leadingPeople(9999.4, 'zh')).toEqual({ text: '9\u2009999', wan: false })
    expect(leadingPeople(9999.5, 'zh')).toEqual({ text: '1.0', wan: true })
    expect(leadingPeople(12_345, 'zh')).toEqual({ text: '1.2', wan: true })
    expect(leadingPeople(1_234_567, 'zh')).toEqual({ text: '123', wan: true })
    expect(leadingPeople(12_345, 'en')).toEqual({ text: '12,345', wan: false })
  })
})

describe('share', () => {
  it.each([
    [0, '0.0\u2009%'],
    [1, '100.0\u2009%'],
    [0.99999, '99.9\u2009%'],
    [0.00001, '0.1\u2009%'],
    [0.98712, '98.7\u2009%'],
    [null, '–'],
    [undefined, '–'],
  ])('%s reads %s', (value, text) => {
    expect(share(value)).toBe(text)
  })
})

describe('measures', () => {
  it('writes areas, distances and positions', () => {
    expect(area(1250, 'zh')).toBe('1\u2009250\u2009m²')
    expect(area(2_345_678, 'en')).toBe('2.35\u2009km²')
    expect(distance(810, 'zh')).toBe('810\u2009m')
    expect(distance(1620, 'en')).toBe('1.6\u2009km')
    expect(position(114.2354001, 30.6127)).toBe('114.23540, 30.61270')
  })

  it('rounds a walking time up, so that none over the limit reads as within it', () => {
    expect(duration(0, words)).toBe('0s')
    expect(duration(59.2, words)).toBe('1m')
    expect(duration(900, words)).toBe('15m')
    expect(duration(900.001, words)).toBe('15m 1s')
    expect(duration(412, words)).toBe('6m 52s')
  })
})
