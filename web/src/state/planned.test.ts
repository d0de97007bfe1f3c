import { expect, test } from 'vitest'
import type { PlannedName } from '../api/names.types'
import { plannedFilterOf, plannedFound, plannedState, plansOf } from './planned'

const name = (change: Partial<PlannedName>): PlannedName => ({
  id: '1', version: 1, text: '承德路', kind: 'road', plan: '甲规划', document: {}, division: '120111001', until: '', note: '', taken_by: '', valid_from: null, may_write: true, ...change,
})

test('a reserved name is free until it is taken or its time is over', () => {
  expect(plannedState(name({}), '2026-11-28')).toBe('free')
  expect(plannedState(name({ until: '2026-11-28' }), '2026-11-28')).toBe('free')
  expect(plannedState(name({ until: '2026-11-27' }), '2026-11-28')).toBe('lapsed')
  expect(plannedState(name({ until: '2026-11-27', taken_by: 'x' }), '2026-11-28')).toBe('taken')
})

test('names are found by what they hold, their plan, kind and division or one above it', () => {
  const all = [name({}), name({ id: '2', text: '承德大道', plan: '乙规划', division: '120111002' }), name({ id: '3', text: '承德园', kind: 'estate' })]
  const found = (search: string) => plannedFound(all, plannedFilterOf(new URLSearchParams(search))).map((each) => each.id).join('')
  expect(found('')).toBe('123')
  expect(found('q=大道')).toBe('2')
  expect(found('plan=甲规划&kind=road')).toBe('1')
  expect(found('division=120111002')).toBe('2')
  expect(found('division=120111')).toBe('123')
  expect(plansOf(all)).toEqual(['乙规划', '甲规划'].sort())
  expect(plansOf([])).toEqual([])
})
