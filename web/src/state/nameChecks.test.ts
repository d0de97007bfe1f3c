import { describe, expect, it } from 'vitest'
import type { LikeName, NameFinding } from '../api/nameChecks.types'
import { checkGroups, groupedChecks, likeOf, listAddress, mapAddress, recordAddress } from './nameChecks'
import { changeOf, foundWords, parseWords, withWords } from './wordList'

const finding = (more: Partial<NameFinding>): NameFinding => ({ group: 'error', severity: 'error', outcome: 'fail', relations: [], repairs: [], rule: 'NAM-02', ...more }) as NameFinding
const like = (more: Partial<LikeName>): LikeName => ({ id: '1', text: '沣惠路', relation: 'same_name', scope: 'here', ...more }) as LikeName

describe('findings of a name', () => {
  it('stand in the group that the server gave, the gravest first', () => {
    const groups = groupedChecks([finding({ group: 'open', severity: 'info' }), finding({ group: 'open', severity: 'error' }), finding({})])
    expect(groups.open.map((each) => each.severity)).toEqual(['error', 'info'])
    expect(groups.error).toHaveLength(1)
    expect(checkGroups.filter((each) => groups[each].length > 0)).toEqual(['error', 'open'])
  })

  it('list the names that they are about', () => {
    const all = [like({}), like({ id: '2', scope: 'elsewhere' }), like({ id: '3', relation: 'near_sound' })]
    expect(likeOf(all, finding({ relations: ['same_name'] })).map((each) => each.id)).toEqual(['1'])
    expect(likeOf(all, finding({ relations: ['same_name'], outcome: 'pass' }))).toEqual([])
    expect(likeOf(all, finding({}))).toEqual([])
  })

  it('lead to a record, a list and the map in the language that is read', () => {
    expect(recordAddress('a b', 'zh')).toBe('/names?name=a%20b')
    expect(listAddress('leaders', 'en')).toBe('/names/lists?list=leaders&lang=en')
    expect(mapAddress([117.05, 39.02], 'zh')).toBe('/?v=17/39.02000/117.05000')
  })
})

describe('a list of words', () => {
  it('is read of what people paste', () => {
    expect(parseWords('词语\t读音\n甲乙\tjiǎ yǐ\t\t通知\n\n“丙丁”\r\n戊己,wù jǐ')).toEqual([
      { word: '甲乙', reading: 'jiǎ yǐ', source: '通知' },
      { word: '丙丁' },
      { word: '戊己', reading: 'wù jǐ' },
    ])
    expect(parseWords('')).toEqual([])
  })

  it('takes each word once', () => {
    const list = withWords([{ word: '甲乙', note: '旧' }], [{ word: ' 甲乙 ' }, { word: '丙丁' }, { word: '丙丁' }, { word: '' }])
    expect(list).toEqual([{ word: '丙丁' }, { word: '甲乙', note: '旧' }])
    expect(changeOf([{ word: '甲乙' }, { word: '戊己' }], list)).toEqual({ added: 1, removed: 1 })
  })

  it('is searched in all that is noted', () => {
    const list = [{ word: '甲乙', source: '通知' }, { word: '丙丁', reading: 'Bǐng' }]
    expect(foundWords(list, ' ')).toHaveLength(2)
    expect(foundWords(list, 'bǐng').map((each) => each.word)).toEqual(['丙丁'])
    expect(foundWords(list, '通知').map((each) => each.word)).toEqual(['甲乙'])
  })
})
