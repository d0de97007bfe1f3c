import { formatRing, parseRing, type Corner } from '../map/ring'

/** The area whose people are counted, as the address has it: a ring that was drawn, the
 *  service area of a facility, or a service area of the registry. Pure. */
export type AreaAsked = { kind: 'ring'; ring: Corner[] } | { kind: 'facility' | 'area'; id: string }

/** Reads an area; null for what is none. */
export function readArea(text: string): AreaAsked | null {
  const [, kind, id] = /^(facility|area):([\w-]{1,64})$/.exec(text) ?? []
  if (id !== undefined) return { kind: kind as 'facility' | 'area', id }
  if (!/^-?\d/.test(text)) return null
  const ring = parseRing(text)
  const sound = ring.length > 2 && ring.every(([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90)
  return sound ? { kind: 'ring', ring } : null
}

/** Writes an area as readArea reads it; '' for a ring that holds nothing. */
export function formatArea(area: AreaAsked): string {
  return area.kind === 'ring' ? formatRing(area.ring) : `${area.kind}:${area.id}`
}

/** The area as the API takes it. */
export function wireOfArea(area: AreaAsked): Record<string, unknown> {
  if (area.kind === 'ring') return { geometry: { type: 'Polygon', coordinates: [area.ring] } }
  return area.kind === 'facility' ? { facility: area.id } : { service_area: area.id }
}
