import type { ExpressionSpecification as Expression, FilterSpecification as Filter, LayerSpecification as Layer } from 'maplibre-gl'
import { palette } from '../palette'
import { bold, byZoom, halo, type Look } from './look'

/** From this zoom on place names stand on the map: before, there are too many to read. */
export const NAMES_ZOOM = 13

const LABEL_ZOOM = 14
const state: Expression = ['get', 'state']

/** A name in use that nobody decided on is drawn in the colour of what is still to be done,
 *  and what is proposed or reserved in dashes; what was retired is not on the map. */
const colours = { approved: palette.accentDeep, customary: palette.gap, pending: palette.accent }

const colour: Expression = [
  'match', state,
  'customary', colours.customary,
  ['draft', 'proposed', 'reserved'], colours.pending,
  colours.approved,
]
/** A name that is yet to come: proposed, or kept free. */
export const pending: Expression = ['match', state, ['draft', 'proposed', 'reserved'], true, false]
const shape = (...types: string[]): Expression => ['match', ['geometry-type'], types, true, false]
export const areas = shape('Polygon', 'MultiPolygon')
export const lines = shape('LineString', 'MultiLineString')
export const points = shape('Point')
/** Protected names carry a mark, which the legend explains. */
const label: Expression = ['concat', ['get', 'text'], ['case', ['==', ['get', 'heritage'], true], ' ◆', '']]

/** Place names: lines, areas and points by their state, with their names along and in them. */
export function nameLayers(look: Look): Layer[] {
  const selected = look.selected?.kind === 'name' ? look.selected.id : ''
  const chosen: Expression = ['==', ['get', 'id'], selected]
  const width: Expression = ['case', chosen, 5, 2.5]
  const base = { source: 'names', minzoom: NAMES_ZOOM }
  const text = { 'text-color': ['case', chosen, palette.selected, colour] as Expression, ...halo, 'text-halo-width': 2 }
  const both = (a: Expression, b: Expression): Filter => ['all', a, b]
  return [
    { id: 'name-fill', type: 'fill', ...base, filter: areas, paint: { 'fill-color': colour, 'fill-opacity': ['case', chosen, 0.2, 0.07] } },
    { id: 'name-outline', type: 'line', ...base, filter: both(areas, ['!', pending]), paint: { 'line-color': colour, 'line-width': ['case', chosen, 3, 1.5] } },
    { id: 'name-outline-pending', type: 'line', ...base, filter: both(areas, pending), paint: { 'line-color': colour, 'line-width': ['case', chosen, 3, 1.5], 'line-dasharray': [3, 2] } },
    { id: 'name-line', type: 'line', ...base, filter: both(lines, ['!', pending]), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': width, 'line-opacity': 0.75 } },
    { id: 'name-line-pending', type: 'line', ...base, filter: both(lines, pending), paint: { 'line-color': colour, 'line-width': width, 'line-dasharray': [3, 2] } },
    {
      id: 'name-point', type: 'circle', ...base, filter: points,
      paint: { 'circle-radius': ['case', chosen, 7, 4.5], 'circle-color': ['case', pending, palette.halo, colour], 'circle-stroke-color': ['case', pending, colour, palette.halo], 'circle-stroke-width': 1.5 },
    },
    {
      id: 'name-label-line', type: 'symbol', source: 'names', minzoom: LABEL_ZOOM, filter: lines,
      layout: { 'symbol-placement': 'line', 'text-field': label, 'text-font': bold, 'text-size': byZoom([14, 11.5], [18, 15]), 'text-letter-spacing': 0.05, 'symbol-spacing': 320, 'text-offset': [0, -0.9] },
      paint: text,
    },
    {
      id: 'name-label', type: 'symbol', source: 'names', minzoom: LABEL_ZOOM, filter: ['!', lines],
      layout: { 'text-field': label, 'text-font': bold, 'text-size': byZoom([14, 11.5], [18, 15]), 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.7, 'text-max-width': 8 },
      paint: text,
    },
  ]
}
