import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl'
import type { Feature, FeatureCollection } from 'geojson'
import type { ExplainedPoint, ExplainedRoute } from '../api/explain.types'
import type { Bounds } from '../api/types'
import { palette } from './palette'

/** What is behind a figure, over the tiles: its population points and one walk. */
export interface Behind {
  points: ExplainedPoint[]
  walk: ExplainedRoute | null
}

export const BEHIND = 'behind'

const only = (kind: string): ['==', ['get', string], string] => ['==', ['get', 'kind'], kind]

const layers: Layer[] = [
  {
    id: 'behind-point',
    type: 'circle',
    source: BEHIND,
    filter: only('point'),
    paint: {
      'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'people']], 0, 4, 30, 16],
      'circle-color': ['match', ['get', 'state'], 'covered', palette.middle, 'uncovered', palette.gap, palette.unsnapped],
      'circle-opacity': 0.75,
      'circle-stroke-color': palette.selected,
      'circle-stroke-width': ['case', ['get', 'chosen'], 3, 1.25],
    },
  },
  { id: 'behind-casing', type: 'line', source: BEHIND, filter: ['match', ['get', 'kind'], ['street', 'stairs', 'crossing'], true, false], layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': '#FFFFFF', 'line-width': 9 } },
  { id: 'behind-street', type: 'line', source: BEHIND, filter: only('street'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': palette.accentDeep, 'line-width': 5 } },
  { id: 'behind-stairs', type: 'line', source: BEHIND, filter: only('stairs'), paint: { 'line-color': palette.accentDeep, 'line-width': 6, 'line-dasharray': [0.4, 0.3] } },
  { id: 'behind-crossing', type: 'line', source: BEHIND, filter: only('crossing'), paint: { 'line-color': palette.gap, 'line-width': 6, 'line-dasharray': [0.7, 0.5] } },
  { id: 'behind-off', type: 'line', source: BEHIND, filter: only('off_street'), paint: { 'line-color': palette.accentDeep, 'line-width': 3, 'line-dasharray': [0.6, 1] } },
  {
    id: 'behind-end',
    type: 'circle',
    source: BEHIND,
    filter: ['match', ['get', 'kind'], ['gate', 'door'], true, false],
    paint: { 'circle-radius': 5, 'circle-color': '#FFFFFF', 'circle-stroke-color': palette.accentDeep, 'circle-stroke-width': 2.5 },
  },
]

function point(at: [number, number], properties: Record<string, unknown>): Feature {
  return { type: 'Feature', properties, geometry: { type: 'Point', coordinates: at } }
}

/** What is behind a figure as features. Pure. */
export function behindOf({ points, walk }: Behind): FeatureCollection {
  const features: Feature[] = points.map(({ lon, lat, people, state, id }) => point([lon, lat], { kind: 'point', people, state, chosen: id === walk?.point.id }))
  if (walk) {
    for (const { geometry, properties } of walk.features) features.push({ type: 'Feature', properties: { kind: properties.kind }, geometry })
    features.push(point([walk.point.lon, walk.point.lat], { kind: 'door' }))
    if (walk.facility && walk.found) features.push(point([walk.facility.lon, walk.facility.lat], { kind: 'door' }))
  }
  return { type: 'FeatureCollection', features }
}

/** Where they lie; null for nothing. */
export function boundsBehind({ points, walk }: Behind): Bounds | null {
  const places: [number, number][] = points.map(({ lon, lat }) => [lon, lat])
  if (walk) {
    places.push([walk.point.lon, walk.point.lat])
    if (walk.facility) places.push([walk.facility.lon, walk.facility.lat])
    for (const { geometry } of walk.features) places.push(...(geometry.type === 'Point' ? [geometry.coordinates] : geometry.coordinates))
  }
  if (places.length === 0) return null
  const lons = places.map(([lon]) => lon)
  const lats = places.map(([, lat]) => lat)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/** Shows what is behind a figure over everything of the tiles. */
export function showBehind(map: MapLibre, behind: Behind): void {
  const data = behindOf(behind)
  const source = map.getSource<GeoJSONSource>(BEHIND)
  if (source) {
    source.setData(data)
    return
  }
  if (data.features.length === 0) return
  map.addSource(BEHIND, { type: 'geojson', data })
  for (const layer of layers) map.addLayer(layer)
}
