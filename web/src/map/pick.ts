import type { Geometry, Position } from 'geojson'
import type { Bounds } from '../api/types'
import type { Kind, Selection } from '../state/route'
import { OVER } from './overlay'

/** A thing of the map under the pointer. */
export interface Pick {
  selection: Selection
  properties: Record<string, unknown>
  source: string
  sourceLayer: string
}

const kindOf: Record<string, Kind> = {
  divisions: 'division',
  division_labels: 'division',
  facilities: 'facility',
  people: 'people',
  gaps: 'gap',
  circles: 'circle',
  roads: 'road',
  buildings: 'building',
  barriers: 'barrier',
}

/** From this zoom on, what stands on the ground comes before the division. */
const STREET = 13.6

/** Which of several things under one point is meant, by the purpose of the zoom. */
export function orderOf(zoom: number): Kind[] {
  if (zoom < STREET) return ['estate', 'facility', 'name', 'division', 'gap', 'people', 'circle', 'road', 'building', 'barrier']
  return ['estate', 'facility', 'name', 'barrier', 'people', 'road', 'building', 'gap', 'circle', 'division']
}

/** Reads a rendered feature; null for one without an id, which nothing can show. */
export function pickOf(feature: {
  source: string
  sourceLayer?: string
  properties: Record<string, unknown>
}): Pick | null {
  const sourceLayer = feature.sourceLayer ?? ''
  // Of what the screen draws itself records can be picked, and numbers of doors, which are of no
  // kind of their own.
  const kind = feature.source === OVER ? 'facility' : feature.source === 'estates' ? 'estate' : feature.source === 'names' ? 'name' : kindOf[sourceLayer]
  if (!kind) return null
  const p = feature.properties
  const key = kind === 'division' ? p['code'] : kind === 'circle' ? p['facility'] : p['id']
  if (key === undefined || key === null || key === '') return null
  // What a plan adds has no record that could be shown.
  if (kind === 'circle' && /^new-/.test(String(key))) return null
  return {
    selection: { kind, id: String(key) },
    properties: p,
    source: feature.source,
    sourceLayer,
  }
}

function eachPosition(coordinates: unknown, visit: (position: Position) => void): void {
  if (!Array.isArray(coordinates)) return
  if (typeof coordinates[0] === 'number') visit(coordinates as Position)
  else for (const inner of coordinates) eachPosition(inner, visit)
}

/** The bounds of a geometry joined to bounds already known. */
export function joinBounds(known: Bounds | undefined, geometry: Geometry): Bounds {
  const box: Bounds = known ? [...known] : [Infinity, Infinity, -Infinity, -Infinity]
  if (geometry.type === 'GeometryCollection') return box
  eachPosition(geometry.coordinates, ([lon = NaN, lat = NaN]) => {
    box[0] = Math.min(box[0], lon)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lon)
    box[3] = Math.max(box[3], lat)
  })
  return box
}
