import { describe, expect, it } from 'vitest'
import { EMPTY, formatPlan, letterOf, MOST_STEPS, mostOf, parsePlan, wireOf, withoutFacilities, type Step } from './plan'

const all: Step[] = [
  { do: 'add', lon: 114.271234, lat: 30.63 },
  { do: 'move', id: '0198-a', lon: -0.5, lat: -89 },
  { do: 'close', id: '0198-b' },
  { do: 'reopen', id: '0198-c' },
  { do: 'close_way', id: 'way/1,2;3' },
  { do: 'open_gate', id: 'g%' },
  { do: 'shut_gate', id: '门' },
  { do: 'add_path', line: [[1, 2], [3.5, 4]] },
]

describe('a plan in the address', () => {
  it('comes back as it was written', () => {
    expect(parsePlan(formatPlan(all))).toEqual(all)
    expect(formatPlan([])).toBe(EMPTY)
    expect(parsePlan(EMPTY)).toEqual([])
  })

  it('is short', () => {
    expect(formatPlan([{ do: 'add', lon: 114.2712344999, lat: 30.63 }])).toBe('a114.271234,30.63')
  })

  it('leaves out what it does not understand', () => {
    expect(parsePlan('x1,2;a;a1;a1,91;a1,2,3;m1,2;mid,1;c;c%;ca,b;p1,2;p1,2,3;;a1,2')).toEqual([{ do: 'add', lon: 1, lat: 2 }])
    expect(parsePlan(Array(150).fill('a1,2').join(';'))).toHaveLength(MOST_STEPS)
  })

  it('keeps places and streets when the type changes', () => {
    expect(parsePlan(withoutFacilities(formatPlan(all))).map((step) => step.do)).toEqual(['add', 'close_way', 'open_gate', 'shut_gate', 'add_path'])
    expect(withoutFacilities('')).toBe('')
  })

  it('names what is added by its turn', () => {
    expect([0, 25, 26, 53].map(letterOf)).toEqual(['a', 'z', 'a1', 'b2'])
    expect(wireOf([all[0]!, all[2]!, all[0]!]).map((step) => step['id'])).toEqual(['new-a', '0198-b', 'new-b'])
  })

  it('has a scale for its changes that does not follow each of them', () => {
    expect([[], [0.001, -0.019], [0.03], [-0.0501], [0.15], [0.21], [-0.7]].map(mostOf)).toEqual([0.02, 0.02, 0.05, 0.1, 0.2, 0.5, 1])
  })
})
