import { expect, test } from 'vitest'
import type { Campaign, Question } from '../api/campaigns.types'
import { asked, daysUntil, totals, unanswered } from './campaign'

test('days until a day', () => {
  expect(daysUntil('2026-11-30', '2026-11-27')).toBe(3)
  expect(daysUntil('2026-11-27', '2026-11-27')).toBe(0)
  expect(daysUntil('2026-10-27', '2026-11-27')).toBe(-31)
})

test('totals over subdistricts', () => {
  const part = { division_code: '1', tasks: 3, returned: 2, accepted: 1, problems: 4, solved: 1, score: null }
  expect(totals({ progress: [part, part] } as unknown as Campaign)).toEqual({ tasks: 6, returned: 4, accepted: 2, problems: 8, solved: 2 })
  expect(totals({ progress: [] } as unknown as Campaign).tasks).toBe(0)
})

test('what is not answered yet', () => {
  const q = (code: string, kind: Question['kind'], required = true): Question => ({ code, kind, required, zh: '问', en: '' })
  const list = [q('a', 'yes_no'), q('b', 'number'), q('c', 'photo'), q('d', 'text', false)]
  expect(unanswered(list, { a: 'no', b: 0 })).toEqual([])
  expect(unanswered(list, { b: '' })).toEqual(['a', 'b'])
  expect(asked({ ...q('a', 'text'), en: 'Asked' }, 'en')).toBe('Asked')
  expect(asked(q('a', 'text'), 'en')).toBe('问')
})
