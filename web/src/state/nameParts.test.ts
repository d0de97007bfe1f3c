import { describe, expect, it } from 'vitest'
import { partsKey, partsMake, partsText, splitName } from './nameParts'

const road = { generics: ['大道', '路', '街', '东路'] }

describe('the parts of a name', () => {
  it.each([
    ['沣东大道', '沣东·大道'],
    ['长安北路', '长安·北·路'],
    ['河南路', '河南·路'],
    ['同德一路', '同德·一·路'],
    ['同德第十二路', '同德·第十二·路'],
    ['路', '路'],
    ['无通名', '无通名'],
    ['𬭚东路', '𬭚·东路'],
  ])('%s is %s', (text, want) => {
    const [first] = splitName(text, road)
    expect(first && partsText(first)).toBe(want)
  })

  it('gives every other way to read it, the name whole last', () => {
    expect(splitName('长安北路', road).map(partsText)).toEqual(['长安·北·路', '长安北·路', '长安北路'])
    expect(splitName('长安北路', undefined).map(partsText)).toEqual(['长安北路'])
    expect(new Set(splitName('长安东路', road).map(partsKey)).size).toBe(4)
    for (const parts of splitName('长安东路', road)) expect(partsMake(parts, '长安东路')).toBe(true)
    expect(partsMake({ specific: '长', modifier: '', generic: '路', confirmed: true }, '长安路')).toBe(false)
  })
})
