import type { Comparison, Place } from '../../api/scenarios.types'

/** Where things of a comparison are on small drawings that all have one frame. Pure. */

export const WIDTH = 320
export const HEIGHT = 220
const MARGIN = 14
/** degrees of latitude that a drawing shows at least: about a kilometre and a half */
const LEAST = 0.0135

export type Projection = (place: Place) => Place

/** The frame around everything that any option changes; around all sites where none does. */
export function projectionOf(comparison: Comparison): Projection {
  const { cells, options, sites, outlines } = comparison.map
  const changed: Place[] = [
    ...cells.flatMap((cell) => [cell.min, cell.max]),
    ...options.flatMap((option) => [...option.circles.flat(), ...option.pins.map((pin): Place => [pin.lon, pin.lat])]),
  ]
  const around = changed.length > 0 ? changed : [...sites, ...outlines.flatMap((each) => each.rings.flat())]
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon, lat] of around) {
    west = Math.min(west, lon)
    east = Math.max(east, lon)
    south = Math.min(south, lat)
    north = Math.max(north, lat)
  }
  if (!Number.isFinite(west)) [west, south, east, north] = [0, 0, 1, 1]
  const [lon, lat] = [(west + east) / 2, (south + north) / 2]
  const narrow = Math.cos((lat * Math.PI) / 180)
  const scale = Math.min((WIDTH - 2 * MARGIN) / Math.max((east - west) * narrow, LEAST), (HEIGHT - 2 * MARGIN) / Math.max(north - south, LEAST))
  return ([x, y]) => [WIDTH / 2 + (x - lon) * narrow * scale, HEIGHT / 2 - (y - lat) * scale]
}

/** Rings as the path of an SVG, to a tenth of a pixel. */
export function pathOf(rings: readonly Place[][], project: Projection): string {
  return rings.map((ring) => `M${ring.map((place) => project(place).map((value) => value.toFixed(1)).join(' ')).join('L')}Z`).join('')
}
