import type { ExpressionSpecification as Expression, LayerSpecification as Layer } from 'maplibre-gl'
import { palette } from '../palette'
import { bold, halo, type Look } from './look'

/** Square metres missing from which a disc is as large as it gets. */
export const MOST_SHORT = 2000

/** The disc's area grows with what is missing; half as large again where the map is close. */
const radius: Expression = ['interpolate', ['linear'], ['zoom'], 10, size(0.6), 14, size(1), 17, size(1.4)]

function size(times: number): Expression {
  return ['+', 5 * times, ['*', 15 * times, ['sqrt', ['/', ['min', ['get', 'short'], MOST_SHORT], MOST_SHORT]]]]
}

/** The radius of a disc where neither far nor near looks change it. */
export const baseRadius: Expression = size(1)

/** New and standing estates as discs: filled where they keep the rules, ochre where they do
 *  not, empty where nobody knows; a standing estate is a small ring. */
export function estateLayers(look: Look): Layer[] {
  const conclusion: Expression = ['get', 'conclusion']
  const selected = look.selected?.kind === 'estate' ? look.selected.id : ''
  return [
    {
      id: 'estate',
      type: 'circle',
      source: 'estates',
      layout: { 'circle-sort-key': ['-', 0, ['get', 'short']] },
      paint: {
        'circle-radius': radius,
        'circle-color': ['match', conclusion, 'compliant', palette.accent, 'not_compliant', palette.gap, palette.halo],
        'circle-opacity': 0.85,
        'circle-stroke-color': ['case', ['==', ['get', 'id'], selected], palette.selected, ['match', conclusion, 'compliant', palette.accentDeep, 'not_compliant', palette.lostDeep, palette.textSoft]],
        'circle-stroke-width': ['case', ['==', ['get', 'id'], selected], 3, 1.5],
      },
    },
    {
      id: 'estate-name',
      type: 'symbol',
      source: 'estates',
      minzoom: 13,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': bold,
        'text-size': 12,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
        'text-radial-offset': 1.4,
        'text-max-width': 10,
      },
      paint: { 'text-color': palette.text, ...halo },
    },
  ]
}
