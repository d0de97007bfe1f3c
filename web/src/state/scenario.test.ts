import { describe, expect, it } from 'vitest'
import type { ScenarioStep } from '../api/scenarios.types'
import { costsOf, draftsOf, fenOf, mapAddress, named, paperOf, placeName, planOf, queryOf, questionOf, sameQuestion, strength, yuanOf } from './scenario'
import { parsePlan } from './plan'

const steps: ScenarioStep[] = [
  { do: 'add', id: 'new-a', name: '老菜场', lon: 114.3, lat: 30.6 },
  { do: 'close', id: 'x' },
  { do: 'add', id: 'new-b', lon: 114.31, lat: 30.61 },
  { do: 'add_path', id: 'path-a', line: [[114.3, 30.6], [114.31, 30.6]] },
]

describe('scenarios', () => {
  it('keep a question whole and know it again in any order', () => {
    const question = questionOf('type=x&limit=900&profile=elder')
    expect(question).toEqual({ type: 'x', limit: '900', profile: 'elder' })
    expect(sameQuestion(question, questionOf('profile=elder&limit=900&type=x'))).toBe(true)
    expect(sameQuestion(question, questionOf('type=x&limit=900'))).toBe(false)
  })

  it('go into requests and files with their numbers', () => {
    expect(queryOf({ type: 'x', limit: '900', speed: '0.9', profile: 'elder', base: 'resident' })).toEqual({ type: 'x', limit: 900, speed: 0.9, profile: 'elder', base: 'resident' })
    expect(paperOf({ name: '甲', question: {}, steps: steps.slice(1, 2) })).toEqual({ name: '甲', steps: [{ do: 'close', id: 'x' }] })
    expect(paperOf({ name: '甲', note: 'n', question: {}, steps: [], costs: [{ what: '装修', kind: 'one_off', fen: 1999, source: '区' }] })).toEqual({
      name: '甲', note: 'n', steps: [], costs: [{ what: '装修', kind: 'one_off', fen: 1999, source: '区' }],
    })
  })

  it('have an address on the map that says the same plan', () => {
    expect(planOf(steps)).toBe('a114.3,30.6;cx;a114.31,30.61;p114.3,30.6,114.31,30.6')
    expect(parsePlan(planOf(steps)).length).toBe(steps.length)
    const address = new URL(mapAddress({ question: { type: 'x', profile: 'elder' }, steps }, 'en', '70+'), 'http://h')
    expect(address.pathname).toBe('/')
    expect(address.searchParams.get('plan')).toBe(planOf(steps))
    expect(address.searchParams.get('profile')).toBe('elder')
    expect(address.searchParams.get('band')).toBe('70+')
  })

  it('call places what people call them', () => {
    const wire = steps.map(({ name: _, ...step }) => ({ ...step }))
    const kept = named(wire, { 'new-a': ' 老菜场 ', 'new-b': '' }, (id) => (id === 'x' ? '一食堂' : id))
    expect(kept.map((step) => step.name)).toEqual(['老菜场', '一食堂', undefined, undefined])
    const fresh = (letter: string) => `新增 ${letter}`
    expect(steps.map((step, i) => placeName(step, i, steps, fresh))).toEqual(['老菜场', 'x', '新增 B', 'A'])
  })

  it('read and write money exactly', () => {
    for (const [text, fen] of [['0', 0], ['1,234.5', 123_450], ['0.07', 7], ['19.99', 1999], ['100000000000', 1e13]] as const) expect(fenOf(text), text).toBe(fen)
    for (const text of ['', '-1', '1.234', '1e3', 'x', '100000000001']) expect(fenOf(text), text).toBeNull()
    for (const fen of [0, 7, 1999, 120_000, 1_000_000_000_001]) expect(fenOf(yuanOf(fen))).toBe(fen)
    const drafts = draftsOf([{ what: '装修', kind: 'one_off', fen: 1999, source: '区' }, { what: '运营', kind: 'per_year', fen: 100 }])
    expect(costsOf(drafts)).toEqual([{ what: '装修', kind: 'one_off', fen: 1999, source: '区' }, { what: '运营', kind: 'per_year', fen: 100 }])
    expect(costsOf([{ what: ' ', kind: 'one_off', amount: '', source: '' }])).toEqual([])
    expect(costsOf([{ what: 'x', kind: 'one_off', amount: 'much', source: '' }])).toBeNull()
    expect(draftsOf(undefined)).toEqual([])
  })

  it('shade by the strongest change', () => {
    expect([0, 1, 34, 67, 100, -1, -100].map((value) => strength(value, 100))).toEqual([0, 1, 2, 3, 3, -1, -3])
    expect(strength(5, 0)).toBe(0)
  })
})
