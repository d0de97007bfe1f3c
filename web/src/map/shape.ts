import type { Geometry, MultiPolygon, Polygon, Position } from 'geojson'
import type { Bounds } from '../api/types'
import type { Corner } from './ring'

/** Places as people draw them: a point, a line or an area, longitude and latitude. Pure. */
export type Shape = 'point' | 'line' | 'area'

/** What kind of shape a geometry is; null for none, and for what no place is. */
export function shapeOf(geometry: Geometry | null | undefined): Shape | null {
  switch (geometry?.type) {
    case 'Point':
      return 'point'
    case 'LineString':
    case 'MultiLineString':
      return 'line'
    case 'Polygon':
    case 'MultiPolygon':
      return 'area'
    default:
      return null
  }
}

/** The fewest different corners that a shape has. */
export const least: Record<Shape, number> = { point: 1, line: 2, area: 3 }

const PLACES = 1e6 // a tenth of a metre

const corner = ([lon = NaN, lat = NaN]: Position): Corner => [lon, lat]

/** Corners to a tenth of a metre, those that repeat the one before left out. */
function rounded(corners: readonly Corner[], closed: boolean): Corner[] {
  const all = corners.map(([lon, lat]): Corner => [Math.round(lon * PLACES) / PLACES, Math.round(lat * PLACES) / PLACES])
  return all.filter(([lon, lat], i) => {
    const last = i === 0 ? (closed ? all[all.length - 1] : undefined) : all[i - 1]
    return all.length === 1 || last === undefined || lon !== last[0] || lat !== last[1]
  })
}

/** A polygon of a drawn ring, in place of the outer ring of another; null for a ring that
 *  holds nothing. */
export function polygonOf(ring: readonly Corner[], before: Polygon | null = null): Polygon | null {
  const corners = rounded(ring, true)
  const [first] = corners
  if (!first || new Set(corners.map(String)).size < least.area) return null
  return { type: 'Polygon', coordinates: [[...corners, first], ...(before?.coordinates.slice(1) ?? [])] }
}

/** The geometry of corners that were drawn as a shape, the holes of the area before it kept;
 *  null for corners that make none. */
export function geometryOf(shape: Shape, corners: readonly Corner[], before: Geometry | null = null): Geometry | null {
  if (shape === 'area') return polygonOf(corners, before?.type === 'Polygon' ? before : null)
  const line = rounded(corners, false)
  if (new Set(line.map(String)).size < least[shape]) return null
  return shape === 'line' ? { type: 'LineString', coordinates: line } : { type: 'Point', coordinates: line[0]! }
}

/** The corners of a geometry that is one line or one area, whose first corner is not repeated;
 *  of an area the outer ring. None for one of several parts, which is not changed by hand. */
export function cornersOf(geometry: Geometry | null | undefined): Corner[] {
  switch (geometry?.type) {
    case 'Point':
      return [corner(geometry.coordinates)]
    case 'LineString':
      return geometry.coordinates.map(corner)
    case 'Polygon':
      return (geometry.coordinates[0] ?? []).slice(0, -1).map(corner)
    default:
      return []
  }
}

/** Every line of a geometry. */
export function linesOf(geometry: Geometry | null | undefined): Corner[][] {
  if (geometry?.type === 'LineString') return [geometry.coordinates.map(corner)]
  return geometry?.type === 'MultiLineString' ? geometry.coordinates.map((line) => line.map(corner)) : []
}

const polygons = (geometry: Polygon | MultiPolygon): Position[][][] => (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates)

/** The outer ring of every part of an area, the first corner not repeated. */
export function ringsOf(geometry: Geometry | null | undefined): Corner[][] {
  if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') return []
  return polygons(geometry).map((rings) => (rings[0] ?? []).slice(0, -1).map(corner))
}

/** Every corner of a geometry, of an area those of its outer rings. */
export function everyCorner(geometry: Geometry | null | undefined): Corner[] {
  if (geometry?.type === 'Point') return [corner(geometry.coordinates)]
  return [...linesOf(geometry).flat(), ...ringsOf(geometry).flat()]
}

/** West, south, east and north of corners; null without any. */
export function boundsOfCorners(corners: readonly Corner[]): [number, number, number, number] | null {
  if (corners.length === 0) return null
  const lons = corners.map(([lon]) => lon)
  const lats = corners.map(([, lat]) => lat)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/** Bounds wider by a part of themselves on each side. */
export function widened([west, south, east, north]: Bounds, by: number): Bounds {
  const [x, y] = [(east - west) * by, (north - south) * by]
  return [west - x, south - y, east + x, north + y]
}

/** Whether bounds lie within others. */
export const within = (inner: Bounds, outer: Bounds): boolean => inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3]

/** Reads corners that are typed, one "longitude, latitude" a line; null for what is none. */
export function readCorners(text: string): Corner[] | null {
  const lines = text.split(/[\n;；]/).map((line) => line.trim()).filter((line) => line !== '')
  const corners = lines.map((line) => line.split(/[\s,，]+/).map(Number))
  const fine = corners.every((c) => c.length === 2 && Math.abs(c[0] ?? NaN) <= 180 && Math.abs(c[1] ?? NaN) <= 90)
  return fine ? (corners as Corner[]) : null
}

const EARTH_M = 6_371_008.8
const rad = Math.PI / 180

/** About the area of a ring in square metres: on a sphere, which differs from the ground by
 *  less than half a per cent. */
export function ringArea(ring: readonly Corner[]): number {
  let sum = 0
  ring.forEach(([lon, lat], i) => {
    const [nextLon, nextLat] = ring[(i + 1) % ring.length] ?? [lon, lat]
    sum += (nextLon - lon) * rad * (2 + Math.sin(lat * rad) + Math.sin(nextLat * rad))
  })
  return Math.abs((sum * EARTH_M * EARTH_M) / 2)
}

/** About the length of a line in metres, on the same sphere (haversine formula). */
export function lineLength(line: readonly Corner[]): number {
  let sum = 0
  line.forEach(([lon, lat], i) => {
    const [nextLon, nextLat] = line[i + 1] ?? [lon, lat]
    const h = Math.sin(((nextLat - lat) * rad) / 2) ** 2 + Math.cos(lat * rad) * Math.cos(nextLat * rad) * Math.sin(((nextLon - lon) * rad) / 2) ** 2
    sum += 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)))
  })
  return sum
}

/** What a geometry measures: metres of its lines, or square metres of its areas without their
 *  holes; 0 for a point. */
export function measureOfShape(geometry: Geometry | null | undefined): number {
  if (geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon') {
    return polygons(geometry).reduce((sum, [outer = [], ...holes]) => {
      const inner = holes.reduce((taken, hole) => taken + ringArea(hole.map(corner)), 0)
      return sum + Math.max(0, ringArea(outer.map(corner)) - inner)
    }, 0)
  }
  return linesOf(geometry).reduce((sum, line) => sum + lineLength(line), 0)
}
