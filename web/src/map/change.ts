import type { LayerSpecification, Map as MapLibre } from 'maplibre-gl'

/** Makes a layer of the map what it is to be, touching only what differs. */
export function changeLayer(map: MapLibre, old: LayerSpecification, layer: LayerSpecification): void {
  const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b)
  if ('filter' in layer && differs('filter' in old ? old.filter : null, layer.filter)) {
    map.setFilter(layer.id, layer.filter)
  }
  if (layer.minzoom !== old.minzoom || layer.maxzoom !== old.maxzoom) {
    map.setLayerZoomRange(layer.id, layer.minzoom ?? 0, layer.maxzoom ?? 24)
  }
  const parts = { paint: map.setPaintProperty, layout: map.setLayoutProperty } as const
  for (const part of ['paint', 'layout'] as const) {
    const a = (old[part] ?? {}) as Record<string, unknown>
    const b = (layer[part] ?? {}) as Record<string, unknown>
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      if (differs(a[key], b[key])) parts[part].call(map, layer.id, key as never, b[key] as never)
    }
  }
}
