/** The arithmetic of a map on paper. */

/** Letters and lines are as large on paper as on a screen of 96 dots to the inch. */
export const SCREEN_DPI = 96
const PRINT_DPI = 240

/** Browsers draw no larger a side than this for sure, and the server takes so many pixels. */
export const MAX_SIDE = 4096
const MAX_PIXELS = 12_000_000

const EARTH_M = 2 * Math.PI * 6_378_137

/** How many of the picture's pixels there are for each of a screen's. */
export function printRatio(width: number, height: number): number {
  const wanted = PRINT_DPI / SCREEN_DPI
  return Math.min(wanted, MAX_SIDE / Math.max(width, height), Math.sqrt(MAX_PIXELS / (width * height)))
}

/** The zoom at which a map of 512 px tiles has this scale on paper. */
export function zoomOf(denominator: number, lat: number): number {
  const metresPerPx = (denominator * 0.0254) / SCREEN_DPI
  return Math.log2((EARTH_M * Math.cos((lat * Math.PI) / 180)) / (512 * metresPerPx))
}

/** The length of a screen's pixel on the ground, along the parallel. */
export function metresPerPx(zoom: number, lat: number): number {
  return (EARTH_M * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom)
}
