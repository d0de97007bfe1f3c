/** Rings that people draw: as addresses write them, and with no more corners than tell
 *  them apart. */

export type Corner = [lon: number, lat: number]

/** More than an address should hold, and more than a hand can mean. */
const MOST = 160
const DIGITS = 5

/** Reads lon,lat;lon,lat;… */
export function parseRing(text: string): Corner[] {
  if (text === '') return []
  return text.split(';').map((corner) => {
    const [lon = NaN, lat = NaN] = corner.split(',').map(Number)
    return [lon, lat]
  })
}

/** Writes a ring to about a metre; '' for one that holds nothing. */
export function formatRing(ring: readonly Corner[]): string {
  const round = (n: number) => Number(n.toFixed(DIGITS))
  const corners = simplified(ring).map(([lon, lat]) => `${round(lon)},${round(lat)}`)
  const different = corners.filter((corner, i) => corner !== corners[(i + corners.length - 1) % corners.length])
  return new Set(different).size < 3 ? '' : different.join(';')
}

/** How far a corner lies from the line between two others, squared; degrees will do, for
 *  it is compared with other corners of the same ring. */
function offLine([x, y]: Corner, [ax, ay]: Corner, [bx, by]: Corner): number {
  const dx = bx - ax
  const dy = by - ay
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length))
  return (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2
}

/** Drops corners that lie within a tolerance of their neighbours' line (Douglas and
 *  Peucker, The Canadian Cartographer 10 (1973) p. 112). */
function thinned(line: readonly Corner[], tolerance: number): Corner[] {
  const first = line[0]
  const last = line[line.length - 1]
  if (!first || !last || line.length < 3) return [...line]
  let far = 0
  let at = 0
  for (let i = 1; i < line.length - 1; i++) {
    const d = offLine(line[i] as Corner, first, last)
    if (d > far) {
      far = d
      at = i
    }
  }
  if (far <= tolerance * tolerance) return [first, last]
  return [...thinned(line.slice(0, at + 1), tolerance).slice(0, -1), ...thinned(line.slice(at), tolerance)]
}

/** A ring with at most so many corners as an address should hold. */
export function simplified(ring: readonly Corner[]): Corner[] {
  let out = [...ring]
  for (let tolerance = 1e-5; out.length > MOST; tolerance *= 2) {
    // The halves between two far corners keep their ends, so that the ring stays one.
    const half = Math.floor(ring.length / 2)
    out = [...thinned(ring.slice(0, half + 1), tolerance).slice(0, -1), ...thinned(ring.slice(half), tolerance)]
  }
  return out
}
