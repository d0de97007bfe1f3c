import type { Geometry, Polygon } from 'geojson'
import { describe, expect, it, test } from 'vitest'
import { boundsOfCorners, cornersOf, everyCorner, geometryOf, lineLength, linesOf, measureOfShape, polygonOf, readCorners, ringArea, ringsOf, shapeOf, widened, within } from './shape'

const holed: Polygon = {
  type: 'Polygon',
  coordinates: [[[117, 39], [117.001, 39], [117.001, 39.001], [117, 39]], [[117.0002, 39.0001], [117.0004, 39.0001], [117.0004, 39.0002], [117.0002, 39.0001]]],
}

describe('an area', () => {
  it('is drawn in the place of the outer ring', () => {
    const drawn = polygonOf([[117.00000004, 39], [117, 39], [117.002, 39], [117.002, 39.0020001]], holed)
    expect(drawn?.coordinates).toEqual([[[117, 39], [117.002, 39], [117.002, 39.002], [117, 39]], holed.coordinates[1]])
    expect(cornersOf(drawn)).toEqual([[117, 39], [117.002, 39], [117.002, 39.002]])
    expect(cornersOf(null)).toEqual([])
  })

  it('is none where it holds nothing', () => {
    expect(polygonOf([])).toBeNull()
    expect(polygonOf([[117, 39], [117, 39], [118, 39]])).toBeNull()
    expect(geometryOf('area', [[117, 39], [118, 39]])).toBeNull()
  })

  it('measures what its rings hold, without the holes', () => {
    // A hundredth of a degree each way at the equator: (π/180 · 6,371,008.8 m / 100)².
    expect(ringArea([[0, 0], [0.01, 0], [0.01, 0.01], [0, 0.01]])).toBeCloseTo(1236431, -2)
    expect(ringArea([])).toBe(0)
    const [outer = [], hole = []] = holed.coordinates
    const both = measureOfShape({ type: 'MultiPolygon', coordinates: [[outer], [hole]] })
    expect(measureOfShape(holed)).toBeCloseTo(2 * measureOfShape({ type: 'Polygon', coordinates: [outer] }) - both, 3)
  })
})

describe('a line', () => {
  it('keeps its ends and loses what repeats', () => {
    const line = geometryOf('line', [[117, 39], [117, 39], [117.001, 39], [117.001, 39.001], [117, 39]])
    expect(line).toEqual({ type: 'LineString', coordinates: [[117, 39], [117.001, 39], [117.001, 39.001], [117, 39]] })
    expect(cornersOf(line)).toHaveLength(4)
    expect(geometryOf('line', [[117, 39], [117, 39]])).toBeNull()
    expect(geometryOf('line', [])).toBeNull()
  })

  it('has a length', () => {
    // A hundredth of a degree of a great circle: π/180 · 6,371,008.8 m / 100.
    expect(lineLength([[0, 0], [0, 0.01]])).toBeCloseTo(1111.95, 1)
    expect(lineLength([[117, 39], [117, 39]])).toBe(0)
    expect(lineLength([])).toBe(0)
    expect(measureOfShape({ type: 'MultiLineString', coordinates: [[[0, 0], [0, 0.01]], [[0, 0], [0.01, 0]]] })).toBeCloseTo(2223.9, 0)
  })
})

describe('a point', () => {
  it('is one corner', () => {
    expect(geometryOf('point', [[117.12345678, 39.1]])).toEqual({ type: 'Point', coordinates: [117.123457, 39.1] })
    expect(geometryOf('point', [])).toBeNull()
    expect(measureOfShape({ type: 'Point', coordinates: [0, 0] })).toBe(0)
  })
})

describe('any geometry', () => {
  it.each<[Geometry | null, string | null, number, number, number]>([
    [null, null, 0, 0, 0],
    [{ type: 'Point', coordinates: [1, 2] }, 'point', 0, 0, 1],
    [{ type: 'LineString', coordinates: [[1, 2], [3, 4]] }, 'line', 1, 0, 2],
    [{ type: 'MultiLineString', coordinates: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]] }, 'line', 2, 0, 4],
    [holed, 'area', 0, 1, 3],
    [{ type: 'MultiPolygon', coordinates: [holed.coordinates, holed.coordinates] }, 'area', 0, 2, 6],
    [{ type: 'GeometryCollection', geometries: [] }, null, 0, 0, 0],
  ])('%j is told apart', (geometry, shape, lines, rings, corners) => {
    expect(shapeOf(geometry)).toBe(shape)
    expect(linesOf(geometry)).toHaveLength(lines)
    expect(ringsOf(geometry)).toHaveLength(rings)
    expect(everyCorner(geometry)).toHaveLength(corners)
  })

  it('has bounds where it has corners', () => {
    expect(boundsOfCorners([[1, 4], [3, 2]])).toEqual([1, 2, 3, 4])
    expect(boundsOfCorners([])).toBeNull()
  })

  it('is changed by hand only where it is one part', () => {
    expect(cornersOf({ type: 'MultiLineString', coordinates: [[[1, 2], [3, 4]]] })).toEqual([])
  })
})

it('corners are read as they are typed', () => {
  expect(readCorners(' 117.1, 39.2\n\n117.2，39.3；117.3 39.4')).toEqual([[117.1, 39.2], [117.2, 39.3], [117.3, 39.4]])
  expect(readCorners('117.1')).toBeNull()
  expect(readCorners('117.1, 139.2')).toBeNull()
  expect(readCorners('a, b')).toBeNull()
})

test('more than the window is read, and what lies in it is not read again', () => {
  const wide = widened([117, 39, 117.2, 39.1], 0.5)
  expect(wide.map((each) => Number(each.toFixed(6)))).toEqual([116.9, 38.95, 117.3, 39.15])
  expect(within([117, 39, 117.2, 39.1], wide)).toBe(true)
  expect(within([117, 39, 117.31, 39.1], wide)).toBe(false)
  expect(within([116.8, 39, 117.1, 39.1], wide)).toBe(false)
  expect(within(wide, wide)).toBe(true)
})
