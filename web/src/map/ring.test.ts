import { describe, expect, it } from 'vitest'
import { formatRing, parseRing, simplified, type Corner } from './ring'

const circle = (n: number): Corner[] =>
  Array.from({ length: n }, (_, i) => [117 + 0.01 * Math.cos((2 * Math.PI * i) / n), 39 + 0.01 * Math.sin((2 * Math.PI * i) / n)])

describe('a ring', () => {
  it('comes back from its text', () => {
    const ring: Corner[] = [[117.1, 39], [117.2, 39.05], [117.15, -39.5]]
    expect(formatRing(ring)).toBe('117.1,39;117.2,39.05;117.15,-39.5')
    expect(parseRing(formatRing(ring))).toEqual(ring)
    expect(parseRing('')).toEqual([])
  })

  it('is none without three places', () => {
    expect(formatRing([])).toBe('')
    expect(formatRing([[1, 1], [2, 2]])).toBe('')
    expect(formatRing([[1, 1], [2, 2], [1.000001, 1.000001], [2, 2]])).toBe('')
  })

  it('keeps its form with fewer corners', () => {
    for (const n of [3, 160, 161, 900, 4000]) {
      const ring = simplified(circle(n))
      expect(ring.length).toBeLessThanOrEqual(Math.max(160, n > 160 ? 160 : n))
      expect(ring.length).toBeGreaterThanOrEqual(Math.min(n, 20))
      for (const [lon, lat] of ring) expect(Math.hypot(lon - 117, lat - 39)).toBeCloseTo(0.01, 6)
    }
    expect(formatRing(circle(4000)).length).toBeLessThan(3500)
  })
})
