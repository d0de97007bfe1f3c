import type { ExpressionSpecification as Expression, LayerSpecification as Layer } from 'maplibre-gl'
import { palette } from '../palette'
import { bold, byZoom, font, halo, type Look, nameOf } from './look'

/** The image a facility asks for; see plates.ts. */
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

/** Facilities: the names of divisions lead over names and plates of other types, so
 *  those stand under them; the plates of the chosen type and the selected facility are
 *  on top. */
export function facilityLayers(look: Look): { under: Layer[]; over: Layer[] } {
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
  return {
    under: [
      {
        id: 'facility-other',
        ...base,
        filter: ['!', chosen],
        minzoom: 12,
        layout: { 'icon-image': plate(look, false), 'icon-size': byZoom([12, 0.6], [16, 0.85]), 'icon-padding': 1 },
      },
      {
        id: 'facility-name',
        ...base,
        filter: chosen,
        minzoom: 14,
        layout: name,
        paint: { 'text-color': palette.text, ...halo },
      },
    ],
    over: [
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
    ],
  }
}
