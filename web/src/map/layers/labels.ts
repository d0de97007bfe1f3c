import type { ExpressionSpecification as Expression, LayerSpecification as Layer } from 'maplibre-gl'
import { palette } from '../palette'
import { bold, byZoom, font, halo, type Look, nameOf } from './look'

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

/** Names of roads and divisions, and gates. */
export function labelLayers(look: Look): Layer[] {
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
        'circle-radius': look.trial?.picking ? byZoom([15, 6], [18, 9]) : byZoom([15, 2], [18, 5]),
        'circle-color': ['case', ['to-boolean', ['get', 'passable']], '#FFFFFF', palette.textSoft],
        'circle-stroke-color': palette.textSoft,
        'circle-stroke-width': 1.4,
      },
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
        'text-max-width': look.narrow ? 5 : 9,
        'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right', 'top-left', 'top-right', 'bottom-left', 'bottom-right'],
        'text-radial-offset': 1.4,
        'text-justify': 'auto',
        'text-line-height': 1.35,
        'text-padding': 3,
      },
      paint: { 'text-color': palette.text, ...halo, 'text-halo-width': 1.8 },
    },
  ]
}

