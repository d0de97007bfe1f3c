import { describe, expect, it } from 'vitest'
import { MAX_SIDE, metresPerPx, printRatio, zoomOf } from './paper'

describe('a map on paper', () => {
  it('has at least 200 dots to the inch on every sheet, and no more than a browser draws', () => {
    for (const [width, height] of [[809, 483], [1210, 774], [1036, 1119], [703, 640]] as const) {
      const ratio = printRatio(width, height)
      expect(ratio * 96).toBeGreaterThanOrEqual(200)
      expect(Math.max(width, height) * ratio).toBeLessThanOrEqual(MAX_SIDE)
    }
  })

  it('keeps pictures that would be too large within what is drawn', () => {
    expect(printRatio(6000, 100) * 6000).toBeLessThanOrEqual(MAX_SIDE)
    expect(printRatio(3000, 3000) ** 2 * 9_000_000).toBeLessThanOrEqual(12_000_001)
  })

  it('finds the zoom of a scale: a kilometre is ten centimetres at 1:10,000', () => {
    for (const lat of [0, 23, 39.1, 52]) {
      const metres = metresPerPx(zoomOf(10_000, lat), lat)
      expect((metres * 96) / 0.0254).toBeCloseTo(10_000, 6)
    }
    // One step of the zoom is half the length.
    expect(zoomOf(5_000, 39) - zoomOf(10_000, 39)).toBeCloseTo(1, 9)
    // The whole parallel is a tile of 512 px at zoom 0.
    expect(metresPerPx(0, 0) * 512).toBeCloseTo(40_075_016.7, 0)
  })
})
