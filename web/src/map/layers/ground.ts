import type { DataDrivenPropertyValueSpecification as DataDriven, ExpressionSpecification as Expression, LayerSpecification as Layer } from 'maplibre-gl'
import { palette } from '../palette'
import { byZoom, type Look } from './look'

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

const shareColour = (state: 'share' | 'planned'): DataDriven<string> =>
  [
    'case',
    ['==', ['feature-state', state], null],
    'rgba(0,0,0,0)',
    ['interpolate', ['linear'], ['feature-state', state], -1, palette.gap, 0, palette.shareLow, 1, palette.shareHigh],
  ] as unknown as Expression

/** What a plan gives to shares, in the accent, and takes from them, in ochre. */
const changeColour = (most: number): DataDriven<string> =>
  [
    'case',
    ['==', ['feature-state', 'change'], null],
    'rgba(0,0,0,0)',
    ['interpolate', ['linear'], ['feature-state', 'change'], -most, palette.changeDown, 0, palette.land, most, palette.changeUp],
  ] as unknown as Expression

function fillOf({ trial }: Look): DataDriven<string> {
  if (trial?.view === 'change') return changeColour(trial.most)
  return shareColour(trial?.view === 'plan' ? 'planned' : 'share')
}

/** Land, tints, buildings and roads: everything that lies under the lines. */
export function groundLayers(look: Look): Layer[] {
  const ground = { source: 'ground' }
  const under: Layer[] = look.baseMap
    ? [{ id: 'basemap', type: 'raster', source: 'basemap', paint: { 'raster-saturation': -0.6, 'raster-opacity': 0.75 } }]
    : []
  const hidden = look.baseMap ? 0 : 1
  return [
    { id: 'land', type: 'background', paint: { 'background-color': palette.land } },
    ...under,
    // Drawn so that its tiles are asked for; nothing of it shows.
    { id: 'extent', type: 'fill', source: 'extent', 'source-layer': 'divisions', paint: { 'fill-opacity': 0 } },
    {
      id: 'circle-fill',
      type: 'fill',
      source: 'answer',
      'source-layer': 'circles',
      filter: ['!=', ['coalesce', ['get', 'c'], ''], 'gone'],
      paint: look.baseMap
        ? { 'fill-color': palette.accent, 'fill-opacity': 0.12 }
        : { 'fill-color': palette.circleFill, 'fill-opacity': byZoom([12, 0.45], [13.6, 0.6], [14, 1]) },
    },
    {
      id: 'division-share',
      type: 'fill',
      ...ground,
      'source-layer': 'divisions',
      filter: ['==', ['get', 'level'], look.level],
      paint: { 'fill-color': fillOf(look), 'fill-opacity': look.shaded ? 0.85 : byZoom([11, 0.8], [13.4, 0.65], [14, 0.2], [14.6, 0]) },
    },
    {
      id: 'gap-fill',
      type: 'fill',
      source: 'answer',
      'source-layer': 'gaps',
      paint: { 'fill-color': palette.gapFill, 'fill-opacity': look.baseMap ? 0.5 : byZoom([11, 0.12], [13.5, 0.18], [14, 0.6], [14.5, 0.7]) },
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
    {
      id: 'road-pointed',
      type: 'line',
      ...ground,
      'source-layer': 'roads',
      filter: ['to-boolean', ['get', 'walkable']],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': palette.lostDeep,
        'line-width': 7,
        'line-opacity': look.trial?.picking ? ['case', ['boolean', ['feature-state', 'hover'], false], 0.6, 0] : 0,
      },
    },
  ]
}

