import { describe, expect, it } from 'vitest'
import type { EstateCheck, EstateFinding } from '../api/estates.types'
import { byKey, differs, findingKey, grouped, helpFor, shortfalls, trialArea, withNumbers } from './estateFindings'

function finding(change: Partial<EstateFinding> = {}): EstateFinding {
  return {
    rule: 'RAT-01', aspect: 'RAT-01', title_zh: '社区用房每百户', title_en: 'Community premises per 100 households', outcome: 'fail', severity: 'error', reason_zh: '', reason_en: '',
    inputs: [
      { name: 'community_area', zh: '社区用房面积', en: 'community premises', known: true, shown_zh: '240 ㎡', shown_en: '240 m²' },
      { name: 'households', zh: '规划户数', en: 'planned households', known: true, shown_zh: '1 200 户', shown_en: '1,200 households' },
    ],
    formula_zh: '社区用房面积 ÷ 规划户数 × 100', formula_en: 'community premises ÷ planned households × 100', threshold_zh: '≥ 30 ㎡/百户', threshold_en: '≥ 30 m² per 100 households',
    value_zh: '20 ㎡/百户', value_en: '20 m² per 100 households', missing: 120, missing_unit: 'm2', missing_zh: '缺 120 ㎡', missing_en: '120 m² lacking', where_zh: '天津市', where_en: 'Tianjin', from: '', until: '',
    grade: 'S1', grade_zh: '', grade_en: '', unread: false, source_zh: '规划', source_en: 'plan', clause_zh: '', clause_en: '', sentence: '', sentence_en: '', note_zh: '', note_en: '', beats: [],
    room_index: -1, room_name: '', ...change,
  }
}

const check = (findings: EstateFinding[]): EstateCheck => ({ day: '2026-11-28', milestone: null, conclusion: 'open', failed: 0, unknown: 0, warnings: 0, community: { known: false, name: '', rural: false, households: 0, area: 0, elderly: 0 }, findings })

describe('the findings of an estate', () => {
  it('are grouped by what they count as, the gravest first', () => {
    const all = [
      finding({ outcome: 'pass' }),
      finding({ severity: 'info' }),
      finding({ severity: 'warning' }),
      finding(),
      finding({ outcome: 'undetermined', severity: 'info' }),
      finding({ outcome: 'undetermined' }),
      finding({ outcome: 'not_applicable' }),
    ]
    const groups = grouped(all)
    expect(groups.fail).toEqual([all[3]])
    expect(groups.open).toEqual([all[5], all[4]])
    expect(groups.warning).toEqual([all[2], all[1]])
    expect(groups.pass).toEqual([all[0]])
    expect(groups.elsewhere).toEqual([all[6]])
  })

  it('are known again by rule, place and room', () => {
    const of = (room: number) => finding({ rule: 'RAT-17', room_index: room })
    const found = byKey(check([of(0), of(1), finding()]), ['a', 'b'])
    expect([...found.keys()]).toEqual([findingKey(of(0), 'a'), findingKey(of(1), 'b'), findingKey(finding(), '')])
    expect(byKey(null, []).size).toBe(0)
  })

  it('differ by what they say', () => {
    expect(differs(finding(), finding())).toBe(false)
    expect(differs(finding(), finding({ outcome: 'pass' }))).toBe(true)
    expect(differs(finding(), finding({ value_zh: '21' }))).toBe(true)
    expect(differs(finding(), finding({ threshold_zh: '≥ 31' }))).toBe(true)
  })

  it('say what lacks by the rule that asks most', () => {
    const tier = finding({ rule: 'RAT-03', missing: 1280 })
    const elderly = finding({ rule: 'RAT-04', missing: 60, inputs: [{ name: 'elderly_area', zh: '', en: '', known: true, shown_zh: '', shown_en: '' }] })
    const land = finding({ rule: 'RAT-07', missing: 136, inputs: [{ name: 'elderly_land', zh: '', en: '', known: true, shown_zh: '', shown_en: '' }] })
    expect(shortfalls(check([land, elderly, finding(), tier])).map((each) => [each.of, each.missing, each.finding.rule])).toEqual([['community_area', 1280, 'RAT-03'], ['elderly_area', 60, 'RAT-04'], ['elderly_land', 136, 'RAT-07']])
    expect(shortfalls(check([finding({ outcome: 'pass', missing: 0 }), finding({ severity: 'warning' }), finding({ inputs: [] }), finding({ missing_unit: 'months' })]))).toEqual([])
    expect(['community_area', 'area_all', 'elderly_area', 'elderly_land'].map(helpFor)).toEqual(['community', 'community', 'elderly', null])
    expect(shortfalls(null)).toEqual([])
  })

  it('are made up for by whole square metres', () => {
    expect([0.01, 120, 120.000000001, 120.01].map(trialArea)).toEqual([1, 120, 120, 121])
  })

  it('have their numbers in the formula', () => {
    expect(withNumbers(finding(), 'zh')).toBe('240 ㎡ ÷ 1 200 户 × 100 = 20 ㎡/百户')
    expect(withNumbers(finding(), 'en')).toBe('240 m² ÷ 1,200 households × 100 = 20 m² per 100 households')
    expect(withNumbers(finding({ formula_zh: '社区用房面积' }), 'zh')).toBe('')
    expect(withNumbers(finding({ value_zh: '' }), 'zh')).toBe('')
    expect(withNumbers(finding({ inputs: [{ ...finding().inputs[0]!, known: false }, finding().inputs[1]!] }), 'zh')).toBe('')
    expect(withNumbers(finding({ inputs: [] }), 'zh')).toBe('')
  })

  it('put a long name before one that is part of it', () => {
    const inputs = [
      { name: 'area_all', zh: '社区用房合计', en: '', known: true, shown_zh: '500', shown_en: '' },
      { name: 'area', zh: '社区用房', en: '', known: true, shown_zh: '240', shown_en: '' },
    ]
    expect(withNumbers(finding({ inputs, formula_zh: '社区用房合计 ÷ 社区用房', value_zh: '2.08' }), 'zh')).toBe('500 ÷ 240 = 2.08')
  })
})
