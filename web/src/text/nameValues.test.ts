import { describe, expect, it } from 'vitest'
import { apart, labelOf, measure, period, valueOf, type Words } from './nameValues'
import { zh } from './zh'
import { en } from './en'

const words: Words = {
  kind: (code) => `kind:${code}`, state: (code) => `state:${code}`, place: (code) => `place:${code}`, decision: (code) => `doc:${code}`, alias: (code) => `alias:${code}`, name: (id) => `name:${id}`,
}
const say = (field: string, value: unknown, lang: 'zh' | 'en' = 'zh') => valueOf(field, value, words, lang === 'zh' ? zh : en, lang)

describe('a change of a place name', () => {
  it('of a field with parts is told by its parts', () => {
    const changes = apart([
      { field: 'decision', before: { Kind: 'naming', Number: '1 号', Day: '2020-01-01' }, after: { Kind: 'naming', Number: '2 号', Day: '2020-01-01' } },
      { field: 'size', before: { LengthM: 0, SiteM2: 0, GreenPct: null }, after: { LengthM: 1234.5, SiteM2: 0, GreenPct: null } },
      { field: 'text', before: '旧路', after: '新路' },
    ])
    expect(changes).toEqual([
      { field: 'decision/number', before: '1 号', after: '2 号' },
      { field: 'size/length_m', before: null, after: 1234.5 },
      { field: 'text', before: '旧路', after: '新路' },
    ])
    expect(labelOf('decision/number', zh)).toBe('决定文件 · 文号')
    expect(labelOf('size/length_m', zh)).toBe('长度')
    expect(say('size/length_m', 1234.5)).toBe('1\u2009234.50 m')
  })

  it('of the first version leaves out what nobody wrote', () => {
    expect(apart([{ field: 'note', after: '' }, { field: 'parts_confirmed', after: false }, { field: 'aliases', after: [] }, { field: 'size', after: { floors: 0 } }, { field: 'kind', after: 'road' }])).toEqual([{ field: 'kind', after: 'road' }])
  })

  it('is said in the words of its codes and records', () => {
    expect(say('kind', 'road')).toBe('kind:road')
    expect(say('state', 'approved')).toBe('state:approved')
    expect(say('divisions', '1 2')).toBe('place:1、place:2')
    expect(say('divisions', ['1'], 'en')).toBe('place:1')
    expect(say('parent_id', 'p')).toBe('name:p')
    expect(say('geometry', 'LINESTRING(0 0,1 1)')).toBe('已画')
    expect(say('aliases', [{ Text: '东大街', Kind: 'short' }])).toBe('东大街，alias:short')
    expect(say('former', [{ text: '老路', from: '1950-01-01', until: '1980-01-01' }], 'en')).toBe('老路 1950-01-01 to 1980-01-01')
    expect(say('famous', true)).toBe(zh.common.yes)
    expect(say('note', null)).toBe('')
    expect(labelOf('something', zh)).toBe('something')
    expect(labelOf('heritage/measures', en)).toBe('Protection · Protective measures')
  })

  it('has periods and measures', () => {
    expect(period('', '', zh)).toBe('')
    expect(period('1990-01-01', '', zh)).toBe('1990-01-01 起')
    expect(period('', '1990-01-01', zh)).toBe('至 1990-01-01')
    expect(measure('floors', 6, en, 'en')).toBe('6')
  })
})
