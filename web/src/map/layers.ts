import type {
  DataDrivenPropertyValueSpecification as DataDriven,
  ExpressionSpecification as Expression,
  LayerSpecification as Layer,
} from 'maplibre-gl'
import { palette } from './palette'

/** What decides how the layers look, besides the tiles. */
export interface Look {
  lang: 'zh' | 'en'
  /** index of the chosen age band */
  band: number
  limitS: number
  type: string
  /** the division level of table and shares */
  level: string
  /** code → line under a division's name, such as its share */
  figures: Map<string, string>
  mark: string
  selected: { kind: string; id: string } | null
  baseMap: boolean
}

/** The switches of the legend and the layers each one shows or hides. */
export const groups = {
  divisions: ['division-share'],
  labels: ['division-label', 'division-label-parent'],
  gaps: ['gap-fill', 'gap-hatch', 'gap-line'],
  circles: ['circle-fill', 'circle-line'],
  people: ['people'],
  facilities: ['facility', 'facility-name'],
  others: ['facility-other'],
  barriers: ['barrier'],
  ground: ['building', 'building-line', 'road-casing', 'road', 'road-path', 'road-name'],
} as const
export type Group = keyof typeof groups

const nameOf = (lang: 'zh' | 'en'): Expression =>
  lang === 'zh'
    ? ['coalesce', ['get', 'name_zh'], ['get', 'name'], '']
    : [
        'case',
        ['!=', ['coalesce', ['get', 'name_en'], ''], ''],
        ['get', 'name_en'],
        ['coalesce', ['get', 'name_zh'], ''],
      ]

const byZoom = (...stops: [number, number][]): Expression =>
  ['interpolate', ['exponential', 1.5], ['zoom'], ...stops.flat()] as unknown as Expression

const isPath: Expression = [
  'in',
  ['get', 'class'],
  ['literal', ['footway', 'path', 'steps', 'cycleway', 'track', 'crossing', 'corridor', 'bridleway']],
]

const roadWidth = (extra: number): Expression => {
  const width = (big: number, middle: number, small: number): Expression => [
    'match',
    ['get', 'class'],
    ['motorway', 'trunk', 'primary'],
    big + extra,
    ['secondary', 'tertiary', 'motorway_link', 'trunk_link', 'primary_link'],
    middle + extra,
    small + extra,
  ]
  return [
    'interpolate',
    ['exponential', 1.5],
    ['zoom'],
    10,
    width(1.2, 0.6, 0.1),
    13,
    width(3, 1.9, 0.8),
    15,
    width(6.5, 4.5, 2.6),
    18,
    width(22, 16, 10),
  ] as unknown as Expression
}

/** Persons of a band; tiles leave the key out where nobody of the band lives. */
const persons = (look: Look): Expression => ['to-number', ['get', `b_${look.band}`], 0]

const hasPersons = (look: Look): Expression => ['>', persons(look), 0]

/** Colour of a population point: near is deep, far is pale, beyond is ochre. */
export function peopleColour(look: Look): Expression {
  return [
    'match',
    ['coalesce', ['get', 's'], ''],
    'uncovered',
    palette.gap,
    'unsnapped',
    palette.unsnapped,
    'covered',
    [
      'interpolate',
      ['linear'],
      ['to-number', ['get', 't'], 0],
      0,
      palette.near,
      look.limitS / 2,
      palette.middle,
      look.limitS,
      palette.far,
    ],
    palette.middle,
  ] as unknown as Expression
}

/** Radius of a population point: its area follows the persons. */
export function peopleRadius(look: Look): Expression {
  const root: Expression = ['sqrt', persons(look)]
  const at = (factor: number, least: number, most: number): Expression => [
    'min',
    most,
    ['max', least, ['*', factor, root]],
  ]
  return [
    'interpolate',
    ['exponential', 1.6],
    ['zoom'],
    10,
    at(0.13, 0.7, 6),
    13,
    at(0.4, 1.2, 9),
    15,
    at(0.95, 2.4, 18),
    17,
    at(1.8, 4, 34),
  ] as unknown as Expression
}

const shareColour: DataDriven<string> = [
  'case',
  ['==', ['feature-state', 'share'], null],
  'rgba(0,0,0,0)',
  ['interpolate', ['linear'], ['feature-state', 'share'], 0, palette.shareLow, 1, palette.shareHigh],
] as unknown as Expression

const labelText = (look: Look): Expression => {
  const pairs = [...look.figures].flat()
  if (pairs.length === 0) return nameOf(look.lang)
  return [
    'format',
    nameOf(look.lang),
    {},
    ['match', ['get', 'code'], ...pairs, ''],
    { 'font-scale': 0.92, 'text-color': palette.accentDeep },
  ] as unknown as Expression
}

const font = ['Sans Regular']
const bold = ['Sans Bold']
const halo = { 'text-halo-color': palette.halo, 'text-halo-width': 1.4 }

function groundLayers(look: Look): Layer[] {
  const ground = { source: 'ground' }
  const under: Layer[] = look.baseMap
    ? [{ id: 'basemap', type: 'raster', source: 'basemap', paint: { 'raster-saturation': -0.6, 'raster-opacity': 0.75 } }]
    : []
  const hidden = look.baseMap ? 0 : 1
  return [
    { id: 'land', type: 'background', paint: { 'background-color': palette.land } },
    ...under,
    {
      id: 'circle-fill',
      type: 'fill',
      source: 'answer',
      'source-layer': 'circles',
      paint: look.baseMap
        ? { 'fill-color': palette.accent, 'fill-opacity': 0.12 }
        : { 'fill-color': palette.circleFill, 'fill-opacity': byZoom([12, 0.4], [13.5, 1]) },
    },
    {
      id: 'division-share',
      type: 'fill',
      ...ground,
      'source-layer': 'divisions',
      filter: ['==', ['get', 'level'], look.level],
      paint: { 'fill-color': shareColour, 'fill-opacity': byZoom([11, 0.8], [12.6, 0.65], [13.6, 0.2], [14.6, 0]) },
    },
    {
      id: 'gap-fill',
      type: 'fill',
      source: 'answer',
      'source-layer': 'gaps',
      paint: { 'fill-color': palette.gapFill, 'fill-opacity': look.baseMap ? 0.5 : byZoom([11, 0.25], [13, 0.45], [14.5, 0.7]) },
    },
    {
      id: 'building',
      type: 'fill',
      ...ground,
      'source-layer': 'buildings',
      minzoom: 13,
      paint: { 'fill-color': palette.building, 'fill-opacity': byZoom([13, 0.35 * hidden], [14.5, hidden]) },
    },
    {
      id: 'building-line',
      type: 'line',
      ...ground,
      'source-layer': 'buildings',
      minzoom: 15,
      paint: { 'line-color': palette.buildingLine, 'line-width': 0.8, 'line-opacity': hidden },
    },
    {
      id: 'road-casing',
      type: 'line',
      ...ground,
      'source-layer': 'roads',
      filter: ['!', isPath],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': palette.roadCasing, 'line-width': roadWidth(1.4), 'line-opacity': byZoom([10, 0.6 * hidden], [13, hidden]) },
    },
    {
      id: 'road',
      type: 'line',
      ...ground,
      'source-layer': 'roads',
      filter: ['!', isPath],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': palette.road, 'line-width': roadWidth(0), 'line-opacity': hidden },
    },
    {
      id: 'road-path',
      type: 'line',
      ...ground,
      'source-layer': 'roads',
      filter: isPath,
      minzoom: 13,
      paint: { 'line-color': palette.path, 'line-width': byZoom([13, 0.7], [16, 1.4], [18, 2.4]), 'line-dasharray': [3, 1.6] },
    },
  ]
}

function answerLayers(look: Look): Layer[] {
  const answer = { source: 'answer' }
  return [
    {
      id: 'gap-hatch',
      type: 'fill',
      ...answer,
      'source-layer': 'gaps',
      paint: { 'fill-pattern': 'hatch', 'fill-opacity': byZoom([10, 0.75], [14, 0.65], [16, 0.4]) },
    },
    {
      id: 'gap-line',
      type: 'line',
      ...answer,
      'source-layer': 'gaps',
      paint: {
        'line-color': palette.gap,
        'line-width': ['case', ['boolean', ['feature-state', 'hover'], false], 2.6, 1.2],
      },
    },
    {
      id: 'circle-line',
      type: 'line',
      ...answer,
      'source-layer': 'circles',
      paint: {
        'line-color': palette.accent,
        'line-width': byZoom([11, 0.8], [14, 1.5]),
        'line-opacity': byZoom([11, 0.35], [13, 0.45], [14.5, 0.75]),
      },
    },
    ...boundaryLayers(look),
    {
      id: 'people',
      type: 'circle',
      ...answer,
      'source-layer': 'people',
      filter: hasPersons(look),
      layout: { 'circle-sort-key': ['case', ['==', ['get', 's'], 'uncovered'], 1, 0] },
      paint: {
        'circle-color': peopleColour(look),
        'circle-radius': peopleRadius(look),
        'circle-opacity': byZoom([10, 0.55], [13, 0.7], [15, 0.92]),
        'circle-stroke-color': '#FFFFFF',
        'circle-stroke-width': byZoom([13, 0], [15, 0.8]),
      },
    },
  ]
}

function boundaryLayers(look: Look): Layer[] {
  const divisions = { source: 'ground', 'source-layer': 'divisions', type: 'line' as const }
  const level = (name: string): Expression => ['==', ['get', 'level'], name]
  return [
    {
      id: 'division-fine',
      ...divisions,
      filter: level('community'),
      minzoom: 12,
      paint: { 'line-color': palette.division, 'line-width': 0.7, 'line-opacity': 0.6, 'line-dasharray': [3, 3] },
    },
    {
      id: 'division-border',
      ...divisions,
      filter: ['!', level('community')],
      paint: { 'line-color': palette.division, 'line-width': byZoom([10, 0.9], [14, 1.6]), 'line-dasharray': [4, 2.5] },
    },
    {
      id: 'division-focus',
      ...divisions,
      filter: level(look.level),
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.accentDeep,
        'line-width': 2.2,
        'line-opacity': ['case', ['boolean', ['feature-state', 'hover'], false], 1, 0],
      },
    },
  ]
}

function labelLayers(look: Look): Layer[] {
  const ground = { source: 'ground', type: 'symbol' as const }
  return [
    {
      id: 'road-name',
      ...ground,
      'source-layer': 'roads',
      minzoom: 14,
      filter: ['!=', ['coalesce', ['get', 'name'], ''], ''],
      layout: {
        'symbol-placement': 'line',
        'text-field': ['get', 'name'],
        'text-font': font,
        'text-size': byZoom([14, 10.5], [18, 14]),
        'text-letter-spacing': 0.05,
        'symbol-spacing': 320,
      },
      paint: { 'text-color': palette.textSoft, ...halo },
    },
    {
      id: 'barrier',
      type: 'circle',
      source: 'ground',
      'source-layer': 'barriers',
      minzoom: 15,
      paint: {
        'circle-radius': byZoom([15, 2], [18, 5]),
        'circle-color': ['case', ['to-boolean', ['get', 'passable']], '#FFFFFF', palette.textSoft],
        'circle-stroke-color': palette.textSoft,
        'circle-stroke-width': 1.4,
      },
    },
    {
      id: 'division-label',
      ...ground,
      'source-layer': 'division_labels',
      filter: ['==', ['get', 'level'], look.level],
      minzoom: look.level === 'community' ? 12.2 : 9,
      maxzoom: 15.5,
      layout: {
        'text-field': labelText(look),
        'text-font': bold,
        'text-size': byZoom([10, 11], [13, look.level === 'community' ? 12 : 14], [15, 15]),
        'text-max-width': 9,
        'text-line-height': 1.35,
        'text-padding': 6,
      },
      paint: { 'text-color': palette.text, ...halo, 'text-halo-width': 1.8 },
    },
    {
      id: 'division-label-parent',
      ...ground,
      'source-layer': 'division_labels',
      filter: ['==', ['get', 'level'], look.level === 'community' ? 'subdistrict' : 'none'],
      maxzoom: 13.5,
      layout: {
        'text-field': nameOf(look.lang),
        'text-font': bold,
        'text-size': byZoom([10, 11], [13, 15]),
        'text-padding': 8,
      },
      paint: { 'text-color': palette.division, ...halo, 'text-halo-width': 2 },
    },
  ]
}

/** The image a facility asks for; see images.ts, which draws it. */
function plate(look: Look, chosen: boolean): Expression {
  return [
    'concat',
    'plate|',
    ['get', 'type'],
    '|',
    ['get', 'status'],
    chosen ? '|on|' : '|off|',
    ['case', ['to-boolean', ['get', 'example']], look.mark, ''],
  ]
}

function facilityLayers(look: Look): Layer[] {
  const base = { source: 'ground', 'source-layer': 'facilities', type: 'symbol' as const }
  const chosen: Expression = ['==', ['get', 'type'], look.type]
  const selectedId = look.selected && ['facility', 'circle'].includes(look.selected.kind) ? look.selected.id : ''
  const name = {
    'text-field': nameOf(look.lang),
    'text-font': font,
    'text-size': 12,
    'text-variable-anchor': ['left', 'right', 'top', 'bottom'] as ('left' | 'right' | 'top' | 'bottom')[],
    'text-radial-offset': 1.35,
    'text-justify': 'auto' as const,
    'text-max-width': 10,
  }
  return [
    {
      id: 'facility-other',
      ...base,
      filter: ['!', chosen],
      minzoom: 12,
      layout: { 'icon-image': plate(look, false), 'icon-size': byZoom([12, 0.6], [16, 0.85]), 'icon-padding': 1 },
    },
    {
      id: 'facility',
      ...base,
      filter: chosen,
      layout: {
        'icon-image': plate(look, true),
        'icon-size': byZoom([10, 0.6], [12, 0.85], [14, 1]),
        'icon-allow-overlap': true,
        'symbol-sort-key': ['case', ['==', ['get', 'status'], 'open'], 1, 0],
      },
    },
    {
      id: 'facility-name',
      ...base,
      filter: chosen,
      minzoom: 14,
      layout: name,
      paint: { 'text-color': palette.text, ...halo },
    },
    {
      id: 'facility-selected',
      ...base,
      filter: ['==', ['get', 'id'], selectedId],
      layout: {
        ...name,
        'text-font': bold,
        'text-size': 13,
        'icon-image': plate(look, true),
        'icon-size': 1.3,
        'icon-allow-overlap': true,
        'text-allow-overlap': true,
        'text-radial-offset': 1.6,
      },
      paint: { 'text-color': palette.selected, ...halo, 'text-halo-width': 2 },
    },
  ]
}

/** Outlines of the selected thing, above everything but the labels. */
function selectionLayers(look: Look): Layer[] {
  const id = (kind: string): string => (look.selected?.kind === kind ? look.selected.id : '')
  const line = { 'line-color': palette.selected, 'line-width': 2.6 }
  const is = (key: string, kind: string): Expression => ['==', ['get', key], id(kind)]
  const circle = look.selected && ['facility', 'circle'].includes(look.selected.kind) ? look.selected.id : ''
  return [
    { id: 'sel-division', type: 'line', source: 'ground', 'source-layer': 'divisions', filter: is('code', 'division'), paint: line, layout: { 'line-join': 'round' } },
    { id: 'sel-building', type: 'line', source: 'ground', 'source-layer': 'buildings', filter: is('id', 'building'), paint: line },
    { id: 'sel-road', type: 'line', source: 'ground', 'source-layer': 'roads', filter: is('id', 'road'), paint: { ...line, 'line-width': 4, 'line-opacity': 0.8 } },
    { id: 'sel-gap', type: 'line', source: 'answer', 'source-layer': 'gaps', filter: is('id', 'gap'), paint: { ...line, 'line-color': '#7A4E0E', 'line-width': 3 } },
    { id: 'sel-circle-fill', type: 'fill', source: 'answer', 'source-layer': 'circles', filter: ['==', ['get', 'facility'], circle], paint: { 'fill-color': palette.accent, 'fill-opacity': 0.14 } },
    { id: 'sel-circle', type: 'line', source: 'answer', 'source-layer': 'circles', filter: ['==', ['get', 'facility'], circle], paint: { ...line, 'line-color': palette.accentDeep } },
    {
      id: 'sel-people',
      type: 'circle',
      source: 'answer',
      'source-layer': 'people',
      filter: is('id', 'people'),
      paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 13, 8, 17, 16], 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': palette.selected, 'circle-stroke-width': 2.4 },
    },
    {
      id: 'sel-barrier',
      type: 'circle',
      source: 'ground',
      'source-layer': 'barriers',
      filter: is('id', 'barrier'),
      paint: { 'circle-radius': 9, 'circle-color': 'rgba(0,0,0,0)', 'circle-stroke-color': palette.selected, 'circle-stroke-width': 2.4 },
    },
  ]
}

/** All layers from the ground up. Pure: the same look gives the same layers. */
export function layersOf(look: Look): Layer[] {
  return [
    ...groundLayers(look),
    ...answerLayers(look),
    ...selectionLayers(look),
    ...labelLayers(look),
    ...facilityLayers(look),
  ]
}
