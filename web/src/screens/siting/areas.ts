/** Areas that people draw for new facilities, as they stand in the address: rings joined by
 *  "|". Reading never fails: what is no ring is left out. Pure. */
import { formatRing, parseRing, type Corner } from '../../map/ring'

export type AreaKind = 'only' | 'not'

export const AREA_KINDS: readonly AreaKind[] = ['only', 'not']

/** More than a person draws, and more than an address should hold. */
export const MOST_AREAS = 20

/** A ring with more corners follows a hand; its corners are not moved one by one. */
export const MOST_HANDLES = 24

const sound = (ring: Corner[]): boolean =>
  ring.length > 2 && ring.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90)

export function parseAreas(text: string): Corner[][] {
  return text
    .split('|')
    .map(parseRing)
    .filter(sound)
    .slice(0, MOST_AREAS)
}

export function formatAreas(rings: readonly (readonly Corner[])[]): string {
  return rings
    .map(formatRing)
    .filter((text) => text !== '')
    .join('|')
}
