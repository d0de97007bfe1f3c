import { describe, expect, it } from 'vitest'
import { enNameSearch } from '../text/en/nameSearch'
import { zhNameSearch } from '../text/zh/nameSearch'
import { reasonOf } from './nameMatch'

describe('why a name was found', () => {
  it('says nothing of the name itself', () => {
    expect(reasonOf({ by: 'standard', of: 'standard', text: '沣东大道', spelling: '' }, zhNameSearch)).toBe('')
  })
  it('names the former name that was typed', () => {
    expect(reasonOf({ by: 'former', of: 'former', text: '红光路', spelling: '' }, zhNameSearch)).toBe('曾用名“红光路”')
    expect(reasonOf({ by: 'alias', of: 'alias', text: '快速路', spelling: '' }, enNameSearch)).toBe('other name “快速路”')
  })
  it('gives the pinyin as it was read, and whose', () => {
    expect(reasonOf({ by: 'pinyin', of: 'standard', text: '沣东大道', spelling: 'feng dong da dao' }, zhNameSearch)).toBe('拼音 feng dong da dao')
    expect(reasonOf({ by: 'initials', of: 'former', text: '红光路', spelling: 'hong guang lu' }, zhNameSearch)).toBe('曾用名“红光路” · 首字母 hong guang lu')
  })
  it('says what is wrong with what was typed', () => {
    expect(reasonOf({ by: 'one_character', of: 'standard', text: '沣东大道', spelling: '' }, zhNameSearch)).toBe('一字之差')
  })
})
