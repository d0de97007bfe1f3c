import { describe, expect, it } from 'vitest'
import type { Comparison, Sketch } from '../../api/scenarios.types'
import { HEIGHT, pathOf, projectionOf, WIDTH } from './sketch'

const of = (map: Partial<Sketch>) => ({ map: { outlines: [], sites: [], cells: [], options: [], ...map } }) as unknown as Comparison
const inside = ([x, y]: [number, number]) => x >= 0 && x <= WIDTH && y >= 0 && y <= HEIGHT

describe('the sketches of a comparison', () => {
  it('hold everything that changes, north above south', () => {
    const map = of({
      cells: [{ min: [116.5, 39.3], max: [116.51, 39.31], options: [] }],
      options: [{ circles: [[[116.52, 39.3], [116.53, 39.32], [116.52, 39.3]]], pins: [{ id: 'a', do: 'add', lon: 116.55, lat: 39.35 }] }],
      sites: [[110, 30]],
    })
    const project = projectionOf(map)
    for (const place of [[116.5, 39.3], [116.53, 39.32], [116.55, 39.35]] as [number, number][]) expect(inside(project(place))).toBe(true)
    expect(inside(project([110, 30]))).toBe(false)
    expect(project([116.52, 39.35])[1]).toBeLessThan(project([116.52, 39.3])[1])
  })

  it('are as true to scale north as east', () => {
    const project = projectionOf(of({ cells: [{ min: [116.5, 60], max: [116.6, 60.05], options: [] }] }))
    const [x0, y0] = project([116.5, 60])
    const [x1] = project([116.52, 60])
    const [, y1] = project([116.5, 60.01])
    expect((x1 - x0) / (y0 - y1)).toBeCloseTo(1, 2)
  })

  it('do with little and with nothing', () => {
    for (const project of [projectionOf(of({})), projectionOf(of({ sites: [[1, 1]] })), projectionOf(of({ options: [{ circles: [], pins: [{ id: 'a', do: 'close', lon: 1, lat: 1 }] }] }))]) {
      expect(project([1, 1]).every(Number.isFinite)).toBe(true)
    }
    expect(pathOf([[[0, 0], [1, 1]]], ([x, y]) => [x, y])).toBe('M0.0 0.0L1.0 1.0Z')
    expect(pathOf([], ([x, y]) => [x, y])).toBe('')
  })
})
