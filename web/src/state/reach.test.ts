import { describe, expect, it } from 'vitest'
import { en } from '../text/en'
import { zh } from '../text/zh'
import { reachOf } from './reach'

describe('the words of a question', () => {
  it('say the limit where people walk', () => {
    expect(reachOf(zh, { limit: '500 米' })).toMatchObject({ uncovered: '步行 500 米以外', circles: '步行 500 米服务圈', within: '500 米以内' })
    expect(reachOf(en, { limit: '15 min (elders)' }).gaps).toBe('Gaps beyond 15 min (elders)')
  })

  it('say the division where nobody walks', () => {
    for (const m of [zh, en]) {
      const words = reachOf(m, { level: 'community' })
      expect(words.circles).toBe('')
      expect([words.uncovered, words.beyond, words.gaps, words.heading('x')].join()).not.toMatch(/步行|foot|walk/)
      expect(reachOf(m, { level: '' }).within).not.toBe('')
    }
  })
})
