import { describe, expect, it } from 'vitest'
import type { LocalRule, RuleForm } from '../api/estateRules.types'
import { emptyRule, ruleDraft, sentRule } from './ruleDraft'

const form = (parameter: RuleForm['parameter'], more: Partial<RuleForm> = {}): RuleForm => ({
  code: 'x', zh: '', en: '', rule: 'RAT-01', subject: 'estate', parameter, unit_zh: '', unit_en: '', low: 0, high: 9, decimals: 0, kinds: true, settings: false, people: true, ...more,
})

describe('a rule as it is typed', () => {
  it('sends only what its form asks for', () => {
    const d = { ...emptyRule('norm', '120111', ''), value: ' 0.3㎡/户 ', strict: true, applies: 'new', setting: 'urban', people: '5,000', elements: ['canteen'], title_zh: ' ' }
    expect(sentRule(d, form('at_least'))).toEqual({
      kind: 'norm', division: '120111', form: 'community_per_100', severity: 'warning', grade: 'R', value_text: '0.3㎡/户', strict: true, applies: 'new', from_people: 5000,
    })
    expect(sentRule(d, form('elements', { kinds: false, people: false, settings: true }))).toEqual({
      kind: 'norm', division: '120111', form: 'community_per_100', severity: 'warning', grade: 'R', elements: ['canteen'], setting: 'urban',
    })
  })

  it('gives tiers their ends, and the last none', () => {
    const d = { ...emptyRule('norm', '1', ''), tiers: [{ below: '30,000', value: '300' }, { below: '9', value: 'many' }] }
    expect(sentRule(d, form('tiers')).tiers).toEqual([{ below: 30000, value: 300 }, { below: null, value: -1 }])
  })

  it('sends of a declaration the rule and its document', () => {
    const d = { ...emptyRule('waiver', '1', 'RAT-11@'), sentence: '另行规定', document: { title: '函', number: '', issuer: ' ', day: '2026-01-01' } }
    expect(sentRule(d, undefined)).toEqual({ kind: 'waiver', division: '1', sentence: '另行规定', source: { title: '函', day: '2026-01-01' }, waives: 'RAT-11@' })
  })

  it('fills the form in again, and for the rule that replaces another', () => {
    const rule = { id: 'r', content: { kind: 'norm', division: '1', form: 'x', value: 35, from: '2026-01-01', until: '2027-01-01', source: { title: '通知' }, severity: 'error', grade: 'r' } } as LocalRule
    const again = ruleDraft(rule)
    expect([again.value, again.from, again.replaces, again.document.title]).toEqual(['35', '2026-01-01', '', '通知'])
    const next = ruleDraft(rule, true)
    expect([next.from, next.until, next.replaces]).toEqual(['', '', 'r'])
    expect(sentRule(again, form('at_least'))).toMatchObject({ value_text: '35', from: '2026-01-01', source: { title: '通知' } })
  })
})
