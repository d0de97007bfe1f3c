import type { ExpressionSpecification as Expression, LayerSpecification as Layer } from 'maplibre-gl'
import { palette } from '../palette'
import { type Look } from './look'

/** Outlines of the selected thing, above everything but the labels. */
export function selectionLayers(look: Look): Layer[] {
  const id = (kind: string): string => (look.selected?.kind === kind ? look.selected.id : '')
  const line = { 'line-color': palette.selected, 'line-width': 2.6 }
  const is = (key: string, kind: string): Expression => ['==', ['get', key], id(kind)]
  const circle = look.selected && ['facility', 'circle'].includes(look.selected.kind) ? look.selected.id : ''
  return [
    {
      id: 'area-division',
      type: 'line',
      source: 'ground',
      'source-layer': 'divisions',
      filter: ['in', ['get', 'code'], ['literal', look.areas ?? []]],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.accentDeep, 'line-width': 2.4, 'line-dasharray': [3, 2] },
    },
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

