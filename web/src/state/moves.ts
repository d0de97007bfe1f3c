import type { Version } from '../api/records.types'
import type { Corner } from '../map/ring'

/** Where a record moved in each of its versions, by number of the version; the versions
 *  come newest first, and each names only what it has otherwise than the one before. */
export function movesOf(versions: readonly Version[]): Map<number, { from: Corner; to: Corner }> {
  const moves = new Map<number, { from: Corner; to: Corner }>()
  let lon: unknown = null
  let lat: unknown = null
  for (const version of [...versions].reverse()) {
    const from = cornerOf(lon, lat)
    for (const { field, after } of version.fields) {
      if (field === 'lon') lon = after
      if (field === 'lat') lat = after
    }
    const to = cornerOf(lon, lat)
    if (from && to && (from[0] !== to[0] || from[1] !== to[1])) moves.set(version.version, { from, to })
  }
  return moves
}

function cornerOf(lon: unknown, lat: unknown): Corner | null {
  return typeof lon === 'number' && typeof lat === 'number' ? [lon, lat] : null
}
