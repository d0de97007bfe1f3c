import type { ExpressionSpecification as Expression, FilterSpecification as Filter, LayerSpecification as Layer } from 'maplibre-gl'
import { palette } from '../palette'
import { NAME_LINE, nameDashes, type NameKind } from '../paperImages'
import { baseRadius } from './estates'
import { groups, layersOf, type Group, type Look } from './index'
import { bold, halo } from './look'
import { areas, lines, nameLayers, NAMES_ZOOM, pending, points } from './names'

const INK = palette.selected

/** All layers of a map on paper, from the ground up, without those that are hidden. Estates
 *  and place names are black on white; what differs by colour on a screen differs by hatch and
 *  line. Nothing of them is chosen on paper. Pure. */
export function paperLayers(look: Look, hidden: ReadonlySet<Group>): Layer[] {
  const off = new Set<string>([...hidden].flatMap((group) => groups[group]))
  const all = layersOf(look)
  const own = new Set<string>([...groups.estates, ...groups.names])
  const top = all.findIndex((layer) => layer.id === groups.estates[0])
  const records = [...(hidden.has('names') ? [] : names(look)), ...(hidden.has('estates') ? [] : estates())]
  const rest = (part: Layer[]): Layer[] => part.filter((layer) => !own.has(layer.id) && !off.has(layer.id))
  return [...rest(all.slice(0, top)), ...records, ...rest(all.slice(top))]
}

function estates(): Layer[] {
  return [
    {
      id: 'estate',
      type: 'symbol',
      source: 'estates',
      layout: {
        'icon-image': ['concat', 'estate|', ['get', 'conclusion'], '|', ['to-string', ['round', baseRadius]]],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.6, 14, 1, 17, 1.4],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['-', 0, ['get', 'short']],
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
        'text-radial-offset': ['+', 0.6, ['/', baseRadius, 10]],
        'text-max-width': 10,
      },
      paint: { 'text-color': INK, ...halo },
    },
  ]
}

const customary: Expression = ['==', ['get', 'state'], 'customary']
const kinds: [NameKind, Filter][] = [
  ['approved', ['!', ['any', customary, pending]]],
  ['customary', customary],
  ['pending', pending],
]

function names(look: Look): Layer[] {
  const base = { source: 'names', minzoom: NAMES_ZOOM }
  const line = (of: 'outline' | 'line', shape: Expression): Layer[] =>
    kinds.map(([kind, filter]) => ({
      id: `name-${of}-${kind}`,
      type: 'line',
      ...base,
      filter: ['all', shape, filter] as Filter,
      layout: { 'line-cap': kind === 'customary' ? 'round' : 'butt', 'line-join': 'round' },
      paint: { 'line-color': INK, 'line-width': NAME_LINE, ...(nameDashes[kind].length > 0 ? { 'line-dasharray': nameDashes[kind] } : {}) },
    }))
  const words = nameLayers({ ...look, selected: null }).flatMap((layer): Layer[] => (layer.type === 'symbol' ? [{ ...layer, paint: { ...layer.paint, 'text-color': INK } }] : []))
  return [
    ...line('outline', areas),
    ...line('line', lines),
    {
      id: 'name-point',
      type: 'symbol',
      ...base,
      filter: points,
      layout: { 'icon-image': ['case', customary, 'name|customary', pending, 'name|pending', 'name|approved'], 'icon-allow-overlap': true },
    },
    ...words,
  ]
}
