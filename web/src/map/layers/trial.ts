import type { CircleLayerSpecification, ExpressionSpecification as Expression } from 'maplibre-gl'
import { palette } from '../palette'
import { byZoom, type Look } from './look'

/** People while a plan is tried out. What it does to a point comes from the tiles, or, while
 *  it is under the hand, from states that the screen sets over them: `now` the walk in
 *  the tiles' unit (-1 beyond the limit, -2 without a path), `fate` what becomes of it. */

const now: Expression = ['coalesce', ['feature-state', 'now'], ['case', ['==', ['get', 's'], 'unsnapped'], -2, ['to-number', ['get', 't'], -1]]]
const fate: Expression = ['coalesce', ['feature-state', 'fate'], ['get', 'c'], '']
const changed: Expression = ['in', fate, ['literal', ['gained', 'lost', 'nearer', 'farther']]]

const shown = (look: Look) => (look.trial && look.trial.view !== 'today' ? look.trial.view : null)

/** By the plan's walks; or gained and lost as full dots, shorter and longer walks as rings. */
export function trialColour(view: 'plan' | 'change', [near, middle]: readonly [number, number, number], unit: number): Expression {
  if (view === 'change') {
    return ['match', fate, 'gained', palette.near, 'lost', palette.gap, ['nearer', 'farther'], '#FFFFFF', palette.unchanged] as unknown as Expression
  }
  return [
    'case',
    ['!', ['has', 's']],
    palette.middle,
    ['<', now, -1.5],
    palette.unsnapped,
    ['<', now, 0],
    palette.gap,
    ['<=', now, near * unit],
    palette.near,
    ['<=', now, middle * unit],
    palette.middle,
    palette.far,
  ] as unknown as Expression
}

/** The least radius: what changes is never too small to be seen. */
export function peopleLeast(look: Look, least: number): number | Expression {
  return shown(look) ? (['case', changed, least + 1.4, least] as unknown as Expression) : least
}

/** Edge and opacity of the points. */
export function peopleEdge(look: Look): NonNullable<CircleLayerSpecification['paint']> {
  const view = shown(look)
  if (!view) {
    return {
      'circle-opacity': byZoom([10, 0.55], [13, 0.7], [15, 0.92]),
      'circle-stroke-color': '#FFFFFF',
      'circle-stroke-width': byZoom([13, 0], [15, 0.8]),
    }
  }
  const faint = view === 'change' ? 0.55 : 1
  const at = (changes: number, else_: number): Expression => ['case', changed, changes, else_]
  return {
    'circle-opacity': ['interpolate', ['linear'], ['zoom'], 10, at(0.9, 0.55 * faint), 13, at(0.95, 0.7 * faint), 15, at(1, 0.92 * faint)],
    'circle-stroke-color': ['match', fate, ['gained', 'nearer'], palette.near, ['lost', 'farther'], palette.lostDeep, '#FFFFFF'] as unknown as Expression,
    'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, at(0.8, 0), 13, at(1.4, 0), 15, at(2.4, 0.8)],
  }
}
