import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl'
import type { Feature, FeatureCollection, MultiPolygon } from 'geojson'
import { palette } from './palette'
import type { Corner } from './ring'

/** What the screen draws over the tiles: shapes people draw, records that are not
 *  published and so in no tile, what is pointed at in a table, and where a record moved. */
export interface Overlay {
  /** a ring; open while it is being drawn */
  ring: Corner[]
  open: boolean
  /** what is drawn in the ring's place is a line, which holds nothing */
  line: boolean
  records: { id: string; lon: number; lat: number; type: string; status: string; stage: string }[]
  /** places that are chosen in the table */
  chosen: Corner[]
  hovered: Corner | null
  move: { from: Corner; to: Corner; before: string; after: string } | null
  /** areas that somebody drew: where something may only be, and where it may not */
  areas: { ring: Corner[]; kind: 'only' | 'not'; label: string }[]
  /** lines that somebody drew */
  lines: Corner[][]
  /** small marks of places that are looked at */
  spots: Corner[]
  /** numbers of doors, each where it would stand */
  numbers: DoorNumber[]
  /** what somebody tries out: circles of what is added or moved, what is closed, from where to where, and new paths */
  plan: TriedOver
}

/** A number at its door: what it is of, and whether it is there, proposed or reserved. */
export interface DoorNumber {
  id: string
  at: Corner
  text: string
  look: 'kept' | 'number' | 'reserved' | 'none'
  /** a check found something about it */
  faulty: boolean
  chosen: boolean
}

/** What a plan does, as it stands on the map. */
export interface TriedOver {
  circles: MultiPolygon[]
  /** facilities that close */
  shut: Corner[]
  moves: [Corner, Corner][]
  paths: Corner[][]
  /** streets that close, and places on them for a mark */
  ways: Corner[][]
  gates: { at: Corner; open: boolean }[]
  /** from a site or an end of a path to the street that it meets */
  feet: [Corner, Corner][]
}

export const nothingTried: TriedOver = { circles: [], shut: [], moves: [], paths: [], ways: [], gates: [], feet: [] }

export const nothingOver: Overlay = { ring: [], open: false, line: false, records: [], chosen: [], hovered: null, move: null, areas: [], lines: [], spots: [], numbers: [], plan: nothingTried }

export const OVER = 'over'

const only = (kind: string): ['==', ['get', string], string] => ['==', ['get', 'kind'], kind]

const layers: Layer[] = [
  { id: 'over-only-fill', type: 'fill', source: OVER, filter: only('only'), paint: { 'fill-color': palette.accent, 'fill-opacity': 0.07 } },
  { id: 'over-not-fill', type: 'fill', source: OVER, filter: only('not'), paint: { 'fill-color': palette.selected, 'fill-opacity': 0.16 } },
  { id: 'over-only-line', type: 'line', source: OVER, filter: only('only'), paint: { 'line-color': palette.accentDeep, 'line-width': 2.5 } },
  { id: 'over-drawn-line', type: 'line', source: OVER, filter: only('line'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': palette.accentDeep, 'line-width': 4, 'line-opacity': 0.85 } },
  { id: 'over-not-line', type: 'line', source: OVER, filter: only('not'), paint: { 'line-color': palette.selected, 'line-width': 2, 'line-dasharray': [1.5, 1.5] } },
  {
    id: 'over-area-label',
    type: 'symbol',
    source: OVER,
    filter: ['match', ['get', 'kind'], ['only', 'not'], true, false],
    layout: { 'text-field': ['get', 'label'], 'text-font': ['Sans Bold'], 'text-size': 13, 'text-allow-overlap': true },
    paint: { 'text-color': palette.selected, 'text-halo-color': palette.halo, 'text-halo-width': 2 },
  },
  {
    id: 'over-spot',
    type: 'circle',
    source: OVER,
    filter: only('spot'),
    paint: { 'circle-radius': 4.5, 'circle-color': '#FFFFFF', 'circle-stroke-color': palette.accentDeep, 'circle-stroke-width': 2 },
  },
  { id: 'over-plan-fill', type: 'fill', source: OVER, filter: only('plan'), paint: { 'fill-color': palette.accent, 'fill-opacity': 0.16 } },
  { id: 'over-plan-line', type: 'line', source: OVER, filter: only('plan'), paint: { 'line-color': palette.accentDeep, 'line-width': 2, 'line-dasharray': [3, 2] } },
  { id: 'over-fill', type: 'fill', source: OVER, filter: only('ring'), paint: { 'fill-color': palette.accent, 'fill-opacity': 0.08 } },
  { id: 'over-line', type: 'line', source: OVER, filter: only('edge'), paint: { 'line-color': palette.accentDeep, 'line-width': 2, 'line-dasharray': [3, 2] } },
  { id: 'over-move', type: 'line', source: OVER, filter: only('move'), paint: { 'line-color': palette.selected, 'line-width': 2, 'line-dasharray': [2, 1.5] } },
  {
    id: 'over-move-head',
    type: 'symbol',
    source: OVER,
    filter: only('move'),
    layout: { 'symbol-placement': 'line', 'symbol-spacing': 90, 'icon-image': 'arrow', 'icon-allow-overlap': true, 'icon-ignore-placement': true },
  },
  { id: 'over-way', type: 'line', source: OVER, filter: only('way'), layout: { 'line-cap': 'round' }, paint: { 'line-color': palette.lostDeep, 'line-width': 6 } },
  { id: 'over-way-gap', type: 'line', source: OVER, filter: only('way'), paint: { 'line-color': '#FFFFFF', 'line-width': 3, 'line-dasharray': [1.2, 1.2] } },
  { id: 'over-foot', type: 'line', source: OVER, filter: only('foot'), paint: { 'line-color': palette.selected, 'line-width': 1.5, 'line-dasharray': [1, 1.6] } },
  { id: 'over-path', type: 'line', source: OVER, filter: only('path'), layout: { 'line-cap': 'round' }, paint: { 'line-color': palette.accent, 'line-width': 4 } },
  {
    id: 'over-end',
    type: 'circle',
    source: OVER,
    filter: only('end'),
    paint: {
      'circle-radius': 7,
      'circle-color': ['case', ['==', ['get', 'end'], 'to'], palette.accent, '#FFFFFF'],
      'circle-stroke-color': palette.selected,
      'circle-stroke-width': 2,
    },
  },
  {
    id: 'over-end-label',
    type: 'symbol',
    source: OVER,
    filter: only('end'),
    layout: { 'text-field': ['get', 'label'], 'text-font': ['Sans Bold'], 'text-size': 13, 'text-offset': [0, 1.3], 'text-anchor': 'top', 'text-allow-overlap': true },
    paint: { 'text-color': palette.selected, 'text-halo-color': palette.halo, 'text-halo-width': 2 },
  },
  {
    id: 'over-chosen',
    type: 'circle',
    source: OVER,
    filter: only('chosen'),
    paint: { 'circle-radius': 15, 'circle-color': palette.accent, 'circle-opacity': 0.16, 'circle-stroke-color': palette.accent, 'circle-stroke-width': 1.5 },
  },
  {
    id: 'over-record',
    type: 'symbol',
    source: OVER,
    filter: only('record'),
    layout: { 'icon-image': ['get', 'plate'], 'icon-allow-overlap': true, 'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.6, 14, 1] },
  },
  {
    id: 'over-gate',
    type: 'circle',
    source: OVER,
    filter: only('gate'),
    paint: { 'circle-radius': 8, 'circle-color': '#FFFFFF', 'circle-stroke-width': 3, 'circle-stroke-color': ['case', ['get', 'open'], palette.accent, palette.lostDeep] },
  },
  {
    id: 'over-gate-shut',
    type: 'symbol',
    source: OVER,
    filter: ['all', only('gate'), ['!', ['get', 'open']]],
    layout: { 'text-field': '×', 'text-font': ['Sans Bold'], 'text-size': 18, 'text-allow-overlap': true, 'text-ignore-placement': true },
    paint: { 'text-color': palette.lostDeep },
  },
  {
    id: 'over-shut',
    type: 'symbol',
    source: OVER,
    filter: only('shut'),
    layout: { 'text-field': '×', 'text-font': ['Sans Bold'], 'text-size': 38, 'text-allow-overlap': true, 'text-ignore-placement': true },
    paint: { 'text-color': palette.selected, 'text-halo-color': palette.halo, 'text-halo-width': 2.5 },
  },
  {
    id: 'over-number-dot',
    type: 'circle',
    source: OVER,
    filter: only('number'),
    paint: {
      'circle-radius': ['case', ['get', 'chosen'], 8, ['==', ['get', 'look'], 'none'], 3.5, 5],
      'circle-color': ['match', ['get', 'look'], 'number', palette.accent, 'kept', palette.selected, '#FFFFFF'],
      'circle-stroke-width': ['case', ['get', 'chosen'], 3, 1.5],
      'circle-stroke-color': ['case', ['get', 'faulty'], palette.lostDeep, ['get', 'chosen'], palette.selected, palette.accentDeep],
    },
  },
  {
    id: 'over-number',
    type: 'symbol',
    source: OVER,
    filter: only('number'),
    layout: {
      'text-field': ['get', 'text'],
      'text-font': ['Sans Bold'],
      'text-size': ['interpolate', ['linear'], ['zoom'], 14, 11, 18, 15],
      'text-offset': [0, -0.5],
      'text-anchor': 'bottom',
      'text-padding': 1,
      'symbol-sort-key': ['case', ['get', 'chosen'], 0, ['get', 'faulty'], 1, 2],
    },
    paint: {
      'text-color': ['case', ['get', 'faulty'], palette.lostDeep, ['==', ['get', 'look'], 'number'], palette.accentDeep, palette.selected],
      'text-halo-color': palette.halo,
      'text-halo-width': 2,
    },
  },
  {
    id: 'over-hovered',
    type: 'circle',
    source: OVER,
    filter: only('hovered'),
    paint: { 'circle-radius': 19, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': palette.selected, 'circle-stroke-width': 2.5 },
  },
]

function point(at: Corner, properties: Record<string, unknown>): Feature {
  return { type: 'Feature', properties, geometry: { type: 'Point', coordinates: at } }
}

/** The overlay as features. Pure. */
export function featuresOf(over: Overlay): FeatureCollection {
  const features: Feature[] = []
  const { ring, move } = over
  const [first] = ring
  if (ring.length > 2 && !over.line) features.push({ type: 'Feature', properties: { kind: 'ring' }, geometry: { type: 'Polygon', coordinates: [[...ring, first as Corner]] } })
  if (first && ring.length > 1) {
    features.push({ type: 'Feature', properties: { kind: 'edge' }, geometry: { type: 'LineString', coordinates: over.open ? ring : [...ring, first] } })
  }
  for (const { ring: corners, kind, label } of over.areas) {
    const [start] = corners
    if (start) features.push({ type: 'Feature', properties: { kind, label }, geometry: { type: 'Polygon', coordinates: [[...corners, start]] } })
  }
  for (const coordinates of over.lines) features.push({ type: 'Feature', properties: { kind: 'line' }, geometry: { type: 'LineString', coordinates } })
  for (const at of over.spots) features.push(point(at, { kind: 'spot' }))
  for (const geometry of over.plan.circles) features.push({ type: 'Feature', properties: { kind: 'plan' }, geometry })
  const { moves, paths, ways, feet } = over.plan
  for (const [kind, lines] of [['move', moves], ['path', paths], ['way', ways], ['foot', feet]] as const) {
    for (const coordinates of lines) features.push({ type: 'Feature', properties: { kind }, geometry: { type: 'LineString', coordinates } })
  }
  for (const { at, open } of over.plan.gates) features.push(point(at, { kind: 'gate', open }))
  for (const { at, ...of } of over.numbers) features.push(point(at, { kind: 'number', ...of }))
  for (const at of over.plan.shut) features.push(point(at, { kind: 'shut' }))
  for (const at of over.chosen) features.push(point(at, { kind: 'chosen' }))
  for (const { id, lon, lat, type, status, stage } of over.records) {
    features.push(point([lon, lat], { kind: 'record', id, plate: `plate|${type}|${status}|off||${stage}` }))
  }
  if (over.hovered) features.push(point(over.hovered, { kind: 'hovered' }))
  if (move) {
    features.push({ type: 'Feature', properties: { kind: 'move' }, geometry: { type: 'LineString', coordinates: [move.from, move.to] } })
    features.push(point(move.from, { kind: 'end', end: 'from', label: move.before }))
    features.push(point(move.to, { kind: 'end', end: 'to', label: move.after }))
  }
  return { type: 'FeatureCollection', features }
}

/** Shows an overlay over everything else of the map. */
export function showOverlay(map: MapLibre, over: Overlay): void {
  const data = featuresOf(over)
  const source = map.getSource<GeoJSONSource>(OVER)
  if (source) {
    source.setData(data)
    return
  }
  map.addSource(OVER, { type: 'geojson', data })
  for (const layer of layers) map.addLayer(layer)
}
