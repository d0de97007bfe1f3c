import type { ExpressionSpecification as Expression, LayerSpecification as Layer } from 'maplibre-gl'
import { palette } from '../palette'
import { byZoom, type Look } from './look'
import { peopleEdge, peopleLeast, trialColour } from './trial'

/** Persons of a band; tiles leave the key out where nobody of the band lives. */
const persons = (look: Look): Expression => ['to-number', ['get', `b_${look.band}`], 0]

const hasPersons = (look: Look): Expression => ['>', persons(look), 0]

/** The three classes of walking time within a limit, as their upper ends in whole
 *  minutes; the legend says them and the colours follow them. */
export function timeClasses(limitS: number): [near: number, middle: number, far: number] {
  const minutes = limitS / 60
  return [Math.max(1, Math.round(minutes / 3)), Math.max(1, Math.round((2 * minutes) / 3)), minutes]
}

/** The three classes of walks within the limit of a look, in the unit that people read:
 *  whole minutes, or metres where a distance is asked for. */
export function walkClasses({ limitS, metres = 0 }: Pick<Look, 'limitS' | 'metres'>): [near: number, middle: number, far: number] {
  if (metres === 0) return timeClasses(limitS)
  return [Math.round(metres / 3), Math.round((2 * metres) / 3), metres]
}

/** Colour of a population point: near is deep, far is pale, beyond is ochre. */
export function peopleColour(look: Look): Expression {
  const classes = walkClasses(look)
  const unit = look.metres ? 1 : 60
  if (look.trial && look.trial.view !== 'today') return trialColour(look.trial.view, classes, unit)
  const [near, middle] = classes
  const walk: Expression = ['to-number', ['get', 't'], 0]
  return [
    'match',
    ['coalesce', ['get', 's'], ''],
    'uncovered',
    palette.gap,
    'unsnapped',
    palette.unsnapped,
    'covered',
    ['case', ['<=', walk, near * unit], palette.near, ['<=', walk, middle * unit], palette.middle, palette.far],
    palette.middle,
  ] as unknown as Expression
}

/** Radius of a population point: its area follows the persons. */
export function peopleRadius(look: Look): Expression {
  const root: Expression = ['sqrt', persons(look)]
  const at = (factor: number, least: number, most: number): Expression => [
    'min',
    most,
    ['max', peopleLeast(look, least), ['*', factor, root]],
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

/** From here on circles and gaps lead; farther out the shares of divisions do. */
export const CLOSE = 14

const noGone: Expression = ['!=', ['coalesce', ['get', 'c'], ''], 'gone']

/** Gaps, circles, boundaries and people, from the ground up. */
export function answerLayers(look: Look): Layer[] {
  const answer = { source: 'answer' }
  return [
    {
      id: 'gap-hatch',
      type: 'fill',
      ...answer,
      'source-layer': 'gaps',
      paint: { 'fill-pattern': 'hatch', 'fill-opacity': byZoom([10, 0.1], [13.4, 0.16], [14, 0.65], [16, 0.4]) },
    },
    {
      id: 'gap-line',
      type: 'line',
      ...answer,
      'source-layer': 'gaps',
      paint: {
        'line-color': palette.gap,
        'line-width': ['case', ['boolean', ['feature-state', 'hover'], false], 2.6, 1.2],
        'line-opacity': byZoom([10, 0.6], [13.5, 0.8], [14, 1]),
      },
    },
    {
      id: 'circle-line',
      type: 'line',
      ...answer,
      'source-layer': 'circles',
      minzoom: CLOSE,
      filter: noGone,
      paint: { 'line-color': palette.accent, 'line-width': 1.5, 'line-opacity': 0.75 },
    },
    {
      id: 'circle-gone',
      type: 'line',
      ...answer,
      'source-layer': 'circles',
      filter: ['!', noGone],
      paint: { 'line-color': palette.lostDeep, 'line-width': 1.6, 'line-dasharray': [1.5, 2.5], 'line-opacity': 0.85 },
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
        ...peopleEdge(look),
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

