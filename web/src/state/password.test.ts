import { describe, expect, it } from 'vitest'
import { classesOf, rulesOf } from './password'

const strict = { min_length: 10, need_classes: 3 }
const typed = { before: 'old-Password-1', after: '', again: '', name: 'wang.min' }

function unmet(after: string, again = after, known: typeof strict | null = strict): string[] {
  return rulesOf({ ...typed, after, again }, known)
    .filter((rule) => !rule.met)
    .map((rule) => rule.rule)
}

describe('the kinds of characters', () => {
  it.each([
    ['', 0],
    ['abc', 1],
    ['abC', 2],
    ['abC1', 3],
    ['abC1 ', 4],
    ['密码', 1],
    ['Ünder', 2],
  ])('of %j are %i', (password, want) => {
    expect(classesOf(password)).toBe(want)
  })
})

describe('the rules of a new password', () => {
  it('are all unmet before anything is typed', () => {
    expect(unmet('')).toEqual(['length', 'classes', 'name', 'differs', 'again'])
  })

  it.each([
    ['Blue-kettle-7', [], 'Blue-kettle-7'],
    ['Blue-ket7', ['length'], 'Blue-ket7'],
    ['bluekettleseven', ['classes'], 'bluekettleseven'],
    ['Xx1-Wang.Min-x', ['name'], 'Xx1-Wang.Min-x'],
    ['old-Password-1', ['differs'], 'old-Password-1'],
    ['Blue-kettle-7', ['again'], 'Blue-kettle-8'],
  ])('%s misses %j', (after, want, again) => {
    expect(unmet(after, again)).toEqual(want)
  })

  it('counts a rare character once', () => {
    expect(unmet('𠀀Aa3456789')).toEqual([])
    expect(unmet('𠀀Aa345678')).toEqual(['length'])
  })

  it('names no length that it does not know', () => {
    expect(unmet('short', 'short', null)).toEqual([])
  })
})
