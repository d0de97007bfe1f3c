import { describe, expect, it } from 'vitest'
import { joinBounds, orderOf, pickOf } from './pick'

describe('what is under a point', () => {
  it('is named by the key its facts are found by', () => {
    const of = (sourceLayer: string, properties: Record<string, unknown>) =>
      pickOf({ source: 's', sourceLayer, properties })?.selection
    expect(of('divisions', { id: 'x', code: '120111001' })).toEqual({ kind: 'division', id: '120111001' })
    expect(of('circles', { id: 'c', facility: 'f' })).toEqual({ kind: 'circle', id: 'f' })
    expect(of('circles', { id: 'c', facility: 'new-a' })).toBeUndefined() // of a plan, with no record
    expect(of('roads', { id: '12' })).toEqual({ kind: 'road', id: '12' })
    expect(of('roads', {})).toBeUndefined()
    expect(of('water', { id: '1' })).toBeUndefined()
  })

  it('is the division at the zoom of the district, the thing itself at the street', () => {
    expect(orderOf(12).indexOf('division')).toBeLessThan(orderOf(12).indexOf('gap'))
    expect(orderOf(16).at(-1)).toBe('division')
    expect(new Set(orderOf(12))).toEqual(new Set(orderOf(16)))
  })

  it('joins the parts that tiles hold of one division', () => {
    const a = joinBounds(undefined, { type: 'Polygon', coordinates: [[[1, 2], [3, 2], [3, 4], [1, 2]]] })
    expect(a).toEqual([1, 2, 3, 4])
    const b = joinBounds(a, { type: 'MultiPolygon', coordinates: [[[[0, 3], [2, 9], [1, 1], [0, 3]]]] })
    expect(b).toEqual([0, 1, 3, 9])
    expect(a).toEqual([1, 2, 3, 4])
  })
})
