import type { LayerSpecification as Layer } from 'maplibre-gl'
import { answerLayers } from './answer'
import { estateLayers } from './estates'
import { facilityLayers } from './facilities'
import { groundLayers } from './ground'
import { labelLayers } from './labels'
import { nameLayers } from './names'
import type { Look } from './look'
import { selectionLayers } from './selection'

export { NAMES_ZOOM } from './names'
export { CLOSE, timeClasses, walkClasses } from './answer'
export type { Look, Trial } from './look'

/** The switches of the legend and the layers each one shows or hides. */
export const groups = {
  divisions: ['division-share'],
  labels: ['division-label', 'division-label-parent'],
  gaps: ['gap-fill', 'gap-hatch', 'gap-line'],
  circles: ['circle-fill', 'circle-line', 'circle-gone'],
  people: ['people'],
  facilities: ['facility', 'facility-name'],
  others: ['facility-other'],
  barriers: ['barrier'],
  estates: ['estate', 'estate-name'],
  names: ['name-fill', 'name-outline', 'name-outline-pending', 'name-line', 'name-line-pending', 'name-point', 'name-label-line', 'name-label'],
  ground: ['building', 'building-line', 'road-casing', 'road', 'road-path', 'road-name'],
} as const
export type Group = keyof typeof groups

/** All layers from the ground up. Pure: the same look gives the same layers. */
export function layersOf(look: Look): Layer[] {
  const facilities = facilityLayers(look)
  const all = [
    ...groundLayers(look),
    ...answerLayers(look),
    ...selectionLayers(look),
    ...facilities.under,
    ...labelLayers(look),
    ...nameLayers(look),
    ...estateLayers(look),
    ...facilities.over,
  ]
  // Shades stand for another answer than that of the tiles, none of which is asked for then.
  return look.shaded ? all.map((layer) => ('source' in layer && layer.source === 'answer' ? unseen(layer) : layer)) : all
}

const unseen = (layer: Layer): Layer => ({ ...layer, layout: { ...layer.layout, visibility: 'none' } }) as Layer
